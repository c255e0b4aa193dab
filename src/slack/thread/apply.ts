import type { Records } from '../../store/records.ts'
import type { Store } from '../../store/store.ts'
import type { Outcome, Place, SlackApi } from '../api.ts'
import type { ChannelCache, ThreadProblem } from '../channel-cache.ts'
import type { DesiredMessage } from './desired.ts'
import { isPressable, type Next, type Step } from './diff.ts'
import { threadRoots, withNewRoot } from './links.ts'
import { type NewBlock, refuseBlock, type Thread, type ThreadMessage } from './record.ts'

/** Milliseconds between two posts in a channel, and between two edits in a workspace. */
export interface Pace {
  readonly post: number
  readonly edit: number
}

/**
 * Slack takes one post a second in a channel, and some fifty edits a minute in a workspace.
 * https://docs.slack.dev/apis/web-api/rate-limits/
 */
export const slackPace: Pace = { post: 1_000, edit: 1_200 }

/** The collaborators of the steps that post and edit. */
export interface StepOptions {
  readonly slack: Pick<SlackApi, 'post' | 'update' | 'find'>
  readonly store: Store
  readonly channels: Pick<ChannelCache, 'refusalOf'>
  readonly pace: Pace
  readonly now: () => Date
  /** Unguessable, and never the same twice. */
  readonly nonce: () => string
  /** Tells the people who wait for a thread that nothing can be posted, and why. `id`: of the thread's subject. */
  readonly notifyAskers: (id: string, problem: ThreadProblem) => Promise<void>
  readonly warn: (message: string, fields: Readonly<Record<string, unknown>>) => void
}

/** A thread as it was last recorded, and the records that keep it. `id`: of the incident or the summary. */
interface Current {
  readonly id: string
  readonly thread: Thread
  readonly threads: Pick<Records<Thread>, 'change'>
}
type Taken = Exclude<Step, { do: 'idle' | 'wait' }>

const goOn: Next = { do: 'continue' }

/** Milliseconds after which a post whose answer was lost would have appeared. */
const settling = 10_000
/** Milliseconds until a lost post is searched for again. */
const searchAgain = 2_000
/** Milliseconds by which the clocks of two machines may differ. */
const clockSlack = 5_000

/** Takes one step and records it before and after. Throws where Slack's answer was lost: the queue then tries again. */
export async function takeStep(options: StepOptions, current: Current, step: Taken): Promise<Next> {
  switch (step.do) {
    case 'find':
      return find(options, current, step)
    case 'post':
      return post(options, current, step.message)
    case 'edit':
      return edit(options, current, step)
    case 'retire':
      return retire(options, current, step)
  }
}

async function post(options: StepOptions, current: Current, message: DesiredMessage): Promise<Next> {
  const { id, thread } = current
  const place = findPlace(thread, message)
  const refusal = place.thread ? undefined : await options.channels.refusalOf(place.channel)
  if (refusal) return stop(options, current, message, refusal)
  const paced = `slack post ${place.channel}`
  const wait = await slotWait(options, current, 'post', paced)
  if (wait) return wait
  const nonce = options.nonce()
  const at = options.now().toISOString()
  await change(current, (before) => withMessage(before, message.key, { ...empty, attempt: { nonce, at } }))
  const sent = await options.slack.post(place, message, { incident: id, message: message.key, nonce })
  if (sent.outcome === 'done') return posted(options, current, message, sent.value.ts)
  if (sent.outcome === 'unknown') throw new Error(`a post in Slack has no certain outcome: ${sent.error}`)
  await change(current, (before) => without(before, message.key))
  if (sent.outcome === 'limited') return hold(options, paced, sent.ms)
  return refused(options, current, message, sent)
}

function findPlace({ channel, under, messages }: Thread, message: DesiredMessage): Place {
  if (message.channel) return { channel: message.channel, ...(message.thread && { thread: message.thread }) }
  const root = under ?? (message.root ? undefined : messages.root?.ts)
  return root ? { channel, thread: root } : { channel }
}

async function find(options: StepOptions, current: Current, step: Extract<Taken, { do: 'find' }>): Promise<Next> {
  const found = await options.slack.find(
    findPlace(current.thread, step.message),
    step.nonce,
    new Date(step.since.getTime() - clockSlack),
  )
  if (found.outcome === 'unknown') throw new Error(`Slack could not be asked for a lost post: ${found.error}`)
  if (found.outcome === 'limited') return { do: 'wait', ms: found.ms }
  const ts = found.outcome === 'done' ? found.value : undefined
  if (ts) {
    await remember(options, current, step.message, ts)
    await change(current, (before) => withMessage(before, step.message.key, { ...empty, ts }))
    return goOn
  }
  if (found.outcome === 'done' && options.now().getTime() - step.since.getTime() < settling)
    return { do: 'wait', ms: searchAgain }
  if (found.outcome === 'refused')
    options.warn('a post may have been made twice: its answer was lost, and the channel may not be read', {
      error: found.error,
    })
  const unsure = found.outcome === 'refused' ? 1 : 0
  await change(current, (before) => ({ ...without(before, step.message.key), unsure: before.unsure + unsure }))
  return goOn
}

async function edit(options: StepOptions, current: Current, step: Extract<Taken, { do: 'edit' }>): Promise<Next> {
  const wait = step.message.urgent ? undefined : await slotWait(options, current, 'edit', 'slack edit')
  if (wait) return wait
  const sent = await options.slack.update(step.message.channel ?? current.thread.channel, step.ts, step.message)
  if (sent.outcome === 'done') return shown(options, current, step.message, step.ts)
  if (sent.outcome === 'unknown') throw new Error(`an edit in Slack has no certain outcome: ${sent.error}`)
  if (sent.outcome === 'limited') return hold(options, 'slack edit', sent.ms)
  return refused(options, current, step.message, sent, step.ts)
}

async function retire(options: StepOptions, current: Current, step: Extract<Taken, { do: 'retire' }>): Promise<Next> {
  const wait = await slotWait(options, current, 'edit', 'slack edit')
  if (wait) return wait
  const { key, ts, text, blocks } = step
  const sent = await options.slack.update(current.thread.channel, ts, { text, blocks })
  if (sent.outcome === 'unknown') throw new Error(`an edit in Slack has no certain outcome: ${sent.error}`)
  if (sent.outcome === 'limited') return hold(options, 'slack edit', sent.ms)
  if (sent.outcome === 'refused' && ofApp.has(sent.error)) throw new Error(`Slack refuses the app: ${sent.error}`)
  // Slack refuses this edit for good, because the message is gone or too old. Its buttons answer that they are old.
  await change(current, (before) => {
    const message = before.messages[key]
    return message ? withMessage(before, key, { ...message, blocks: [...blocks] }) : before
  })
  return goOn
}

/** Reserves a place in the pace once and keeps it, so that nobody polls for one. undefined: the place has come. */
async function slotWait(
  options: StepOptions,
  current: Current,
  kind: 'post' | 'edit',
  key: string,
): Promise<Next | undefined> {
  const now = options.now().getTime()
  const reserved = current.thread.slots[kind]
  if (reserved !== undefined && reserved > now) return { do: 'wait', ms: reserved - now }
  const wait = reserved === undefined ? await options.store.pace(key, options.pace[kind]) : 0
  const slots = { ...current.thread.slots }
  if (wait > 0) slots[kind] = now + wait
  else delete slots[kind]
  if (wait > 0 || reserved !== undefined) await change(current, (before) => ({ ...before, slots }))
  return wait > 0 ? { do: 'wait', ms: wait } : undefined
}

/** Slack took nothing: everybody who shares this pace waits so long. */
async function hold({ store }: StepOptions, key: string, ms: number): Promise<Next> {
  await store.holdPace(key, ms)
  return { do: 'wait', ms }
}

async function posted(options: StepOptions, current: Current, message: DesiredMessage, ts: string): Promise<Next> {
  await remember(options, current, message, ts)
  return shown(options, current, message, ts)
}

/** Records the root, so that a mention in the thread is about this incident. */
async function remember(
  { store }: StepOptions,
  { thread, id }: Current,
  { root }: DesiredMessage,
  ts: string,
): Promise<void> {
  if (root) await threadRoots.remember(store, thread.channel, thread.under ?? ts, id)
}

const empty: ThreadMessage = { digest: '', stage: '', text: '' }

async function shown(options: StepOptions, current: Current, message: DesiredMessage, ts: string): Promise<Next> {
  const { key, digest, stage, text, blocks } = message
  const shownAt = options.now().toISOString()
  await change(current, (before) =>
    withMessage(before, key, {
      ts,
      digest,
      stage,
      text,
      shownAt,
      ...(isPressable(key) && { blocks: [...blocks] }),
    }),
  )
  return goOn
}

// The root was deleted, or takes no more replies. https://docs.slack.dev/reference/methods/chat.postMessage/#errors
const rootLost: ReadonlySet<string> = new Set([
  'message_not_found',
  'thread_not_found',
  'cannot_reply_to_message',
  'restricted_action_thread_locked',
])
// Somebody deleted the reply, or Slack takes no more edits of it: it is left as it is.
const editLost: ReadonlySet<string> = new Set([
  'message_not_found',
  'cant_update_message',
  'edit_window_closed',
  'block_mismatch',
])
/** Refusals of the whole app. The job fails and is tried again until somebody repairs the installation. */
const ofApp: ReadonlySet<string> = new Set([
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'missing_scope',
])

async function refused(
  options: StepOptions,
  current: Current,
  message: DesiredMessage,
  { error, details }: Extract<Outcome<unknown>, { outcome: 'refused' }>,
  ts?: string,
): Promise<Next> {
  if (ofApp.has(error)) throw new Error(`Slack refuses the app: ${error}`)
  const kind = newBlockIn(message)
  if (error === 'invalid_blocks' && kind) {
    options.warn('Slack refuses a kind of block; the plainer form is used', { kind, details })
    await refuseBlock(options.store, kind, options.now())
    return goOn
  }
  if (rootLost.has(error) && (message.root || ts === undefined)) {
    const root = current.thread.messages.root?.ts
    await change(current, (before) => withNewRoot(before, root))
    return goOn
  }
  if (ts !== undefined && editLost.has(error)) return lose(current, message.key)
  return stop(options, current, message, error, details)
}

function newBlockIn({ blocks }: DesiredMessage): NewBlock | undefined {
  const types = new Set(blocks.map(({ type }) => type))
  return types.has('plan') ? 'plan' : types.has('container') ? 'container' : undefined
}

/** Stops posting in this thread until somebody presses Continue, and notifies the askers. A failed post outside it is dropped. */
async function stop(
  options: StepOptions,
  current: Current,
  message: DesiredMessage,
  code: string,
  details: readonly string[] = [],
): Promise<Next> {
  const channel = message.channel ?? current.thread.channel
  options.warn('nothing can be posted in a channel', { code, details, channel })
  if (message.channel) return lose(current, message.key)
  await change(current, (before) => ({ ...before, problem: { code, at: options.now().toISOString() } }))
  await options.notifyAskers(current.id, code)
  return goOn
}

async function lose(current: Current, key: string): Promise<Next> {
  await change(current, (before) => withMessage(before, key, { ...(before.messages[key] ?? empty), lost: true }))
  return goOn
}

async function change({ id, thread, threads }: Current, step: (before: Thread) => Thread): Promise<void> {
  await threads.change(id, (before) => ({ value: step(before ?? thread) }))
}

function withMessage(thread: Thread, key: string, message: ThreadMessage): Thread {
  return { ...thread, messages: { ...thread.messages, [key]: message } }
}

function without(thread: Thread, key: string): Thread {
  const { [key]: _, ...messages } = thread.messages
  return { ...thread, messages }
}
