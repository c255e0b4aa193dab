import type { Records } from '../../store/records.ts'
import type { Outcome, Place } from '../api.ts'
import type { ThreadWorld } from './dependencies.ts'
import type { Wanted } from './desired.ts'
import { isPressable, type Step } from './diff.ts'
import { beginAnew, type ThreadSubject, threadRoots } from './links.ts'
import { type NewBlock, refuseBlock, type Thread, type ThreadMessage } from './record.ts'

interface Current {
  readonly subject: ThreadSubject
  readonly thread: Thread
  readonly threads: Records<Thread>
}
type Taken = Exclude<Step, { do: 'nothing' | 'wait' }>

/** Milliseconds that a post whose answer was lost may take to show up. */
const settling = 10_000
const lookAgain = 2_000
/** Milliseconds that clocks of two machines may differ. */
const clockSlack = 5_000

/** Takes one step, and records it before and after. Milliseconds until the next. Throws where Slack's answer was lost. */
export async function takeStep(world: ThreadWorld, current: Current, step: Taken): Promise<number> {
  switch (step.do) {
    case 'find':
      return find(world, current, step)
    case 'post':
      return post(world, current, step.message)
    case 'edit':
      return edit(world, current, step)
    case 'retire':
      return retire(world, current, step)
  }
}

async function post(world: ThreadWorld, current: Current, message: Wanted): Promise<number> {
  const { subject, thread } = current
  const place = placeOf(thread, message)
  const refusal = place.thread ? undefined : await world.channels.refusalOf(place.channel)
  if (refusal) return stop(world, current, message, refusal)
  const paced = `slack post ${place.channel}`
  const wait = await slot(world, current, 'post', paced)
  if (wait > 0) return wait
  const nonce = world.nonce()
  const at = world.now().toISOString()
  await change(current, (before) => withMessage(before, message.key, { ...empty, attempt: { nonce, at } }))
  const sent = await world.slack.post(place, message, { incident: subject.id, message: message.key, nonce })
  if (sent.outcome === 'done') return posted(world, current, message, sent.value.ts)
  if (sent.outcome === 'unknown') throw new Error(`a post in Slack has no certain outcome: ${sent.error}`)
  await change(current, (before) => without(before, message.key))
  if (sent.outcome === 'limited') return held(world, paced, sent.ms)
  return refused(world, current, message, sent)
}

function placeOf({ channel, under, messages }: Thread, message: Wanted): Place {
  if (message.channel) return { channel: message.channel, ...(message.thread && { thread: message.thread }) }
  const root = under ?? (message.root ? undefined : messages.root?.ts)
  return root ? { channel, thread: root } : { channel }
}

async function find(world: ThreadWorld, current: Current, step: Extract<Taken, { do: 'find' }>): Promise<number> {
  const found = await world.slack.find(
    placeOf(current.thread, step.message),
    step.nonce,
    new Date(step.since.getTime() - clockSlack),
  )
  if (found.outcome === 'unknown') throw new Error(`Slack could not be asked for a lost post: ${found.error}`)
  if (found.outcome === 'limited') return found.ms
  const ts = found.outcome === 'done' ? found.value : undefined
  if (ts) {
    await remember(world, current, step.message, ts)
    await change(current, (before) => withMessage(before, step.message.key, { ...empty, ts }))
    return 0
  }
  if (found.outcome === 'done' && world.now().getTime() - step.since.getTime() < settling) return lookAgain
  if (found.outcome === 'refused')
    world.warn('a post may have been made twice: its answer was lost, and the channel may not be read', {
      error: found.error,
    })
  const unsure = found.outcome === 'refused' ? 1 : 0
  await change(current, (before) => ({ ...without(before, step.message.key), unsure: before.unsure + unsure }))
  return 0
}

async function edit(world: ThreadWorld, current: Current, step: Extract<Taken, { do: 'edit' }>): Promise<number> {
  const wait = step.message.urgent ? 0 : await slot(world, current, 'edit', 'slack edit')
  if (wait > 0) return wait
  const sent = await world.slack.update(step.message.channel ?? current.thread.channel, step.ts, step.message)
  if (sent.outcome === 'done') return shown(world, current, step.message, step.ts)
  if (sent.outcome === 'unknown') throw new Error(`an edit in Slack has no certain outcome: ${sent.error}`)
  if (sent.outcome === 'limited') return held(world, 'slack edit', sent.ms)
  return refused(world, current, step.message, sent, step.ts)
}

async function retire(world: ThreadWorld, current: Current, step: Extract<Taken, { do: 'retire' }>): Promise<number> {
  const wait = await slot(world, current, 'edit', 'slack edit')
  if (wait > 0) return wait
  const { key, ts, text, blocks } = step
  const sent = await world.slack.update(current.thread.channel, ts, { text, blocks })
  if (sent.outcome === 'unknown') throw new Error(`an edit in Slack has no certain outcome: ${sent.error}`)
  if (sent.outcome === 'limited') return held(world, 'slack edit', sent.ms)
  if (sent.outcome === 'refused' && ofApp.has(sent.error)) throw new Error(`Slack refuses the app: ${sent.error}`)
  // Slack refuses this one edit for good: the message is gone, or too old. Its buttons answer that they are old.
  await change(current, (before) => {
    const message = before.messages[key]
    return message ? withMessage(before, key, { ...message, blocks: [...blocks] }) : before
  })
  return 0
}

/** A place in the pace that is reserved once and kept, so that nobody polls for one. Milliseconds until it. */
async function slot(world: ThreadWorld, current: Current, kind: 'post' | 'edit', key: string): Promise<number> {
  const now = world.now().getTime()
  const reserved = current.thread.slots[kind]
  if (reserved !== undefined && reserved > now) return reserved - now
  const wait = reserved === undefined ? await world.store.pace(key, world.pace[kind]) : 0
  const slots = { ...current.thread.slots }
  if (wait > 0) slots[kind] = now + wait
  else delete slots[kind]
  if (wait > 0 || reserved !== undefined) await change(current, (before) => ({ ...before, slots }))
  return wait
}

async function held(world: ThreadWorld, key: string, ms: number): Promise<number> {
  await world.store.holdPace(key, ms)
  return ms
}

async function posted(world: ThreadWorld, current: Current, message: Wanted, ts: string): Promise<number> {
  await remember(world, current, message, ts)
  return shown(world, current, message, ts)
}

/** So that a mention in the thread is known to be about this incident. */
async function remember(
  { store }: ThreadWorld,
  { thread, subject }: Current,
  { root }: Wanted,
  ts: string,
): Promise<void> {
  if (root) await threadRoots.remember(store, thread.channel, thread.under ?? ts, subject.id)
}

const empty: ThreadMessage = { digest: '', stage: '', text: '' }

async function shown(world: ThreadWorld, current: Current, message: Wanted, ts: string): Promise<number> {
  const { key, digest, stage, text, blocks } = message
  const shownAt = world.now().toISOString()
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
  return 0
}

// A root that was deleted, or that cannot be answered any more. https://docs.slack.dev/reference/methods/chat.postMessage/#errors
const rootLost: ReadonlySet<string> = new Set([
  'message_not_found',
  'thread_not_found',
  'cannot_reply_to_message',
  'restricted_action_thread_locked',
])
// Somebody deleted a reply, or Slack takes no more edits of it: what is there stays.
const editLost: ReadonlySet<string> = new Set([
  'message_not_found',
  'cant_update_message',
  'edit_window_closed',
  'block_mismatch',
])
/** What concerns the whole app, and is tried again when it is mended. */
const ofApp: ReadonlySet<string> = new Set([
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'missing_scope',
])

async function refused(
  world: ThreadWorld,
  current: Current,
  message: Wanted,
  { error, details }: Extract<Outcome<unknown>, { outcome: 'refused' }>,
  ts?: string,
): Promise<number> {
  if (ofApp.has(error)) throw new Error(`Slack refuses the app: ${error}`)
  const kind = newBlockIn(message)
  if (error === 'invalid_blocks' && kind) {
    world.warn('Slack refuses a kind of block; the plainer form is used', { kind, details })
    await refuseBlock(world.store, kind, world.now())
    return 0
  }
  if (rootLost.has(error) && (message.root || ts === undefined)) {
    const root = current.thread.messages.root?.ts
    await change(current, (before) => beginAnew(before, root))
    return 0
  }
  if (ts !== undefined && editLost.has(error)) return lose(current, message.key)
  return stop(world, current, message, error, details)
}

function newBlockIn({ blocks }: Wanted): NewBlock | undefined {
  const types = new Set(blocks.map(({ type }) => type))
  return types.has('plan') ? 'plan' : types.has('container') ? 'container' : undefined
}

/** Nothing more is tried until somebody mends it; those who asked are told. A post elsewhere that fails is let go. */
async function stop(
  world: ThreadWorld,
  current: Current,
  message: Wanted,
  code: string,
  details: readonly string[] = [],
): Promise<number> {
  const channel = message.channel ?? current.thread.channel
  world.warn('nothing can be posted in a channel', { code, details, channel })
  if (message.channel) return lose(current, message.key)
  await change(current, (before) => ({ ...before, problem: { code, at: world.now().toISOString() } }))
  await world.tellAskers(current.subject, code)
  return 0
}

async function lose(current: Current, key: string): Promise<number> {
  await change(current, (before) => withMessage(before, key, { ...(before.messages[key] ?? empty), lost: true }))
  return 0
}

async function change({ subject, thread, threads }: Current, step: (before: Thread) => Thread): Promise<void> {
  await threads.change(subject.id, (before) => ({ value: step(before ?? thread) }))
}

function withMessage(thread: Thread, key: string, message: ThreadMessage): Thread {
  return { ...thread, messages: { ...thread.messages, [key]: message } }
}

function without(thread: Thread, key: string): Thread {
  const { [key]: _, ...messages } = thread.messages
  return { ...thread, messages }
}
