import type { BlockAction } from '@slack/bolt'
import type { Incident } from '../../incidents/incident.ts'
import { summaries } from '../../incidents/reconcile/summary.ts'
import { isOver, transition } from '../../incidents/transition.ts'
import { actionIds } from '../../remediation/action-id.ts'
import type { Click } from '../../remediation/approvals/decide.ts'
import { offerRecords } from '../../remediation/approvals/records.ts'
import { readableChannels, refusalToPress } from '../access.ts'
import type { Message } from '../api.ts'
import { detailsView } from '../blocks/details.ts'
import { escalateView, muteView, wrongView } from '../blocks/modals.ts'
import { replies } from '../replies.ts'
import { requestRecords } from '../requests/record.ts'
import { threadRecords } from '../thread/record.ts'
import { actOn } from './actions.ts'
import type { ListenerOptions } from './options.ts'
import { takeRequest } from './take-request.ts'

/** What a button does. The message is for the person who pressed. */
type Handler = (options: ListenerOptions, pressed: Pressed) => Promise<Message | undefined>

/** Buttons that change nothing in a cluster. For the others, the decision checks the person's rights and is audited. */
const readers: Readonly<Record<string, Handler>> = {
  'check-again': (options, { value, user, event }) => checkAgain(options, { incident: value, user, event }),
  'check-anew': (options, { value, user, channel, event }) =>
    askOnceMore(options, { incident: value, user, channel, event }),
  choose: (options, pressed) => choose(options, pressed),
  continue: (options, { value }) => continueThread(options, value),
  details: (options, pressed) => details(options, pressed, pressed.value),
  more: (options, pressed) => more(options, pressed),
  'post-to': (options, pressed) => postTo(options, pressed),
}

const actions: Readonly<Record<string, Handler>> = {
  'ask-them': (options, pressed) => actOn(options, toClick(pressed, 'ask', undefined)),
  grant: (options, pressed) => actOn(options, toClick(pressed, 'grant', undefined)),
  decline: (options, pressed) => actOn(options, toClick(pressed, 'decline', undefined)),
  ...Object.fromEntries(
    actionIds.map((id): [string, Handler] => [id, (options, pressed) => actOn(options, toClick(pressed, 'do', id))]),
  ),
}

/** A button names its action and an offer, and both must match. The person and the channel come from Slack's signed request. */
function toClick(
  { value, user, team, channel, event }: Pressed,
  wish: Click['wish'],
  action: string | undefined,
): Click {
  return { wish, action, offer: value, user, team, channel, event }
}

/** Answers every button that was ever sent. An unknown one gets a reply that it is old. */
export async function press(options: ListenerOptions, pressed: Pressed): Promise<Message | undefined> {
  if (!options.places.isWorkspace(pressed.team)) return replies.outsider()
  const action = Object.hasOwn(actions, pressed.action) ? actions[pressed.action] : undefined
  const reader = Object.hasOwn(readers, pressed.action) ? readers[pressed.action] : undefined
  try {
    if (action) return await action(options, pressed)
    const refusal = await refusalToPress(options, pressed.user)
    if (refusal) return refusal
    return reader ? await reader(options, pressed) : replies.oldButton(undefined)
  } catch (error) {
    options.warn('a button could not do its work', { error, action: pressed.action })
    return replies.cannotStart('something failed', undefined)
  }
}

async function details(
  options: Pick<ListenerOptions, 'records' | 'slack'>,
  { trigger }: Pressed,
  id: string,
): Promise<Message | undefined> {
  const incident = await options.records.read(id)
  if (!incident) return replies.unknownIncident()
  await options.slack.openView(trigger, detailsView(incident))
  return undefined
}

/** The overflow menu. Its value names what to do, and the incident or the offer. */
async function more(options: ListenerOptions, pressed: Pressed): Promise<Message | undefined> {
  const [what, id = ''] = pressed.value.split(' ')
  if (what === 'details') return details(options, pressed, id)
  if (what === 'mute' || what === 'escalate') return askFirst(options, pressed, what, id)
  if (what !== 'verdict-is-wrong') return replies.oldButton(undefined)
  if (!(await options.records.read(id))) return replies.unknownIncident()
  await options.slack.openView(pressed.trigger, wrongView.build(id))
  return undefined
}

/** Opens a window that asks before the action. The offer and the channel come back with the answer. */
async function askFirst(
  options: ListenerOptions,
  { trigger, channel }: Pressed,
  what: 'mute' | 'escalate',
  id: string,
): Promise<Message | undefined> {
  const offer = options.decide && (await offerRecords(options.store).read(id))
  if (offer?.plan.action !== what) return replies.oldButton(undefined)
  const metadata = JSON.stringify({ offer: id, channel })
  const view = what === 'mute' ? muteView.build(metadata, offer.says) : escalateView.build(metadata, offer.says)
  await options.slack.openView(trigger, view)
  return undefined
}

/** A pressed button or a chosen option, read from Slack's payload. */
interface Pressed {
  /** `check-again`, of `imagepull:check-again:2`. */
  readonly action: string
  readonly value: string
  readonly team: string
  readonly user: string
  readonly channel: string
  /** Opens a window, within three seconds. */
  readonly trigger: string
  readonly responseUrl: string | undefined
  /** The same when Slack delivers it again. */
  readonly event: string
}

/** Reads a press. undefined: the button is not imagepull's. */
export function readPress(body: BlockAction): Pressed | undefined {
  const [action] = body.actions
  const [, name] = /^imagepull:([a-z-]+)(?::\d+)?$/.exec(action?.action_id ?? '') ?? []
  if (!action || !name) return undefined
  return {
    action: name,
    value: pressedValue(action),
    team: body.team?.id ?? body.user.team_id ?? '',
    user: body.user.id,
    channel: body.channel?.id ?? '',
    trigger: body.trigger_id,
    responseUrl: body.response_url,
    event: `${action.action_ts} ${body.user.id} ${action.action_id}`,
  }
}

function pressedValue(action: BlockAction['actions'][number]): string {
  if ('value' in action && typeof action.value === 'string') return action.value
  const option = 'selected_option' in action ? action.selected_option : undefined
  return option?.value ?? ''
}

interface CheckPress {
  readonly incident: string
  readonly user: string
  /** The same when Slack delivers this event again. */
  readonly event: string
}

/** One person may ask for this many checks of one incident within `window` milliseconds: each asks a registry. */
const limits = { checks: 4, window: 60_000 } as const

/** Starts another check of an incident. The message is for the person who pressed. */
export async function checkAgain(
  options: Pick<ListenerOptions, 'records' | 'queue' | 'now' | 'warn'>,
  { incident: id, user, event }: CheckPress,
): Promise<Message> {
  const { records, queue, now } = options
  try {
    const known = await records.read(id)
    if (!known) return replies.unknownIncident()
    if (isOver(known)) return replies.oldButton(id)
    const time = now()
    let wait = 0
    await records.change(id, (before) => {
      wait = waitBefore(before, { user, event }, time)
      if (wait > 0) return before
      return transition(before, { what: 'asked', at: time.toISOString(), by: user, request: event })
    })
    if (wait > 0) return replies.tooOften(Math.ceil(wait / 1_000))
    await queue.add('sync-thread', id)
    await queue.add('investigate', id)
    return replies.checkingAgain()
  } catch (error) {
    options.warn('a check could not be started', { error, incident: id })
    return replies.cannotStart('the queue is unavailable', undefined)
  }
}

/** Returns the milliseconds until this person may check this incident again; 0: now. A repeated event counts once. */
function waitBefore({ askers }: Incident, { user, event }: Pick<CheckPress, 'user' | 'event'>, now: Date): number {
  if (askers.some(({ request }) => request === event)) return 0
  const since = now.getTime() - limits.window
  const times = askers.flatMap((it) => (it.user === user && Date.parse(it.at) > since ? [Date.parse(it.at)] : []))
  const oldest = times.toSorted((a, b) => b - a)[limits.checks - 1]
  return oldest === undefined ? 0 : oldest - since
}

interface RepeatPress {
  readonly incident: string
  readonly user: string
  readonly channel: string
  readonly event: string
}

/** Milliseconds until one person may ask the same about an ended incident again. */
const repeatPause = 10_000

/** Asks about the subject of an ended incident as if somebody had typed it. */
async function askOnceMore(
  options: ListenerOptions,
  { incident, user, channel, event }: RepeatPress,
): Promise<Message> {
  const known = await options.records.read(incident)
  if (!known) return replies.unknownIncident()
  if (!(await options.store.claim(`check anew ${incident} ${user}`, repeatPause)))
    return replies.tooOften(repeatPause / 1_000)
  const { namespace, pod, workload } = known.subject
  const typed = `@${known.cluster} ${namespace}/${pod || `${workload.kind.toLowerCase()}/${workload.name}`}`
  return (await takeRequest(options, { event: `anew ${event}`, user, channel, typed })) ?? replies.checkingAgain()
}

interface Chosen {
  /** The id of the request or the summary that offered it, and the number of the choice. */
  readonly value: string
  readonly user: string
  readonly event: string
}

/** Takes one of the offered targets. undefined: the answer follows. */
async function choose(options: ListenerOptions, chosen: Chosen): Promise<Message | undefined> {
  const [id = '', number = ''] = chosen.value.split(' ')
  const summary = await summaries.read(options.store, id)
  const row = summary?.rows[Number(number)]
  if (summary && row) {
    const { channel, cluster } = summary
    const { user } = chosen
    return takeRequest(options, { event: `chosen ${chosen.event}`, user, channel, typed: `@${cluster} ${row.target}` })
  }
  const requests = requestRecords(options.store)
  const request = await requests.read(id)
  const typed = request?.choices[Number(number)]
  if (request?.user !== chosen.user || typed === undefined) return replies.oldButton(undefined)
  const { channel, thread, responseUrl, direct } = request
  return takeRequest(options, {
    event: `chosen ${chosen.event}`,
    user: chosen.user,
    channel,
    typed,
    direct,
    ...(thread && { thread }),
    ...(responseUrl && { responseUrl }),
  })
}

/** Somebody says that the problem with a thread is solved. undefined: posting is tried again. */
async function continueThread(
  options: Pick<ListenerOptions, 'store' | 'queue'>,
  incident: string,
): Promise<Message | undefined> {
  const thread = await threadRecords(options.store).change(incident, (before) => {
    if (!before?.problem) return undefined
    const { problem: _, ...value } = before
    return { value }
  })
  if (!thread) return replies.unknownIncident()
  await options.queue.add('sync-thread', incident)
  return undefined
}

interface Picked {
  /** The id of the request, and the channel. */
  readonly value: string
  readonly user: string
  readonly event: string
}

/**
 * Asks a private question again in a channel that the person may read.
 */
export async function postTo(options: ListenerOptions, { value, user, event }: Picked): Promise<Message | undefined> {
  const [id = '', channel = ''] = value.split(' ')
  const requests = requestRecords(options.store)
  const request = await requests.read(id)
  if (request?.user !== user) return replies.oldButton(undefined)
  const readable = (await readableChannels(options, user)).map(({ id: known }) => known)
  if (!readable.includes(channel)) return replies.channelNotListed(readable)
  return (
    (await takeRequest(options, { event: `post-to ${event}`, user, channel, typed: request.typed })) ??
    replies.openElsewhere()
  )
}
