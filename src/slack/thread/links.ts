import { z } from 'zod'
import type { Incident } from '../../incidents/incident.ts'
import { untilAnnounced } from '../../incidents/open.ts'
import { summaries } from '../../incidents/reconcile/first-look.ts'
import { transition } from '../../incidents/transition.ts'
import { records } from '../../store/records.ts'
import type { Store } from '../../store/store.ts'
import type { SlackApi } from '../api.ts'
import { summaryMessages } from '../blocks/first-look.ts'
import type { ThreadWorld } from './dependencies.ts'
import { threadMessages, type Wanted } from './desired.ts'
import { formsOf, type Thread, threadSchema, threadVersion } from './record.ts'

/** What a thread is about: an incident, or the summary of a first look. */
export interface ThreadSubject {
  readonly id: string
  readonly channel: string
  /** Somebody else's post in that channel, which a thread that is not begun yet hangs on. */
  readonly under?: string
  readonly askers: Incident['askers']
  /** Milliseconds until anything may be said of it. */
  readonly silentFor: number
  wanted(thread: Thread): Promise<readonly Wanted[]>
}

/** undefined: it is no longer known. */
export async function threadSubject(world: ThreadWorld, id: string): Promise<ThreadSubject | undefined> {
  const incident = await world.incidents.read(id)
  if (incident) return ofIncident(world, incident)
  const summary = await summaries.read(world.store, id)
  if (!summary) return undefined
  const { channel } = summary
  return { id, channel, askers: [], silentFor: 0, wanted: async () => summaryMessages(summary) }
}

async function ofIncident(world: ThreadWorld, incident: Incident): Promise<ThreadSubject> {
  const { id, channel, posts, askers } = incident
  const silentFor = untilAnnounced(incident, world.now())
  // Told from now on, whatever becomes of it: written down before the first word.
  const told = incident.announce && silentFor === 0 ? await announced(world, incident) : incident
  const post = posts.find((it) => it.channel === channel)
  return {
    id,
    channel,
    askers,
    silentFor,
    ...(post && { under: post.ts }),
    wanted: (thread) => messagesOf(world, told, thread),
  }
}

async function announced({ incidents, now }: ThreadWorld, { id, ...incident }: Incident): Promise<Incident> {
  const at = now().toISOString()
  return (await incidents.change(id, (before) => transition(before, { what: 'announced', at }))) ?? { id, ...incident }
}

async function messagesOf(world: ThreadWorld, incident: Incident, thread: Thread): Promise<readonly Wanted[]> {
  const { store, slack, channels } = world
  const link = async (id: string | undefined) => (id ? linkToThread(store, slack, id) : undefined)
  const forms = await formsOf(store, world.now())
  const elsewhere = incident.echoes.length + incident.posts.length > 0 && (await channels.isOpen(thread.channel))
  const [into, own, previous] = await Promise.all([
    link(incident.into),
    link(elsewhere ? incident.id : undefined),
    link(incident.previous),
  ])
  const shared = thread.messages.root?.ts !== undefined && (await channels.isShared(thread.channel))
  const { begun, under } = thread
  return threadMessages(incident, { forms, begun, under, into, previous, link: own, shared })
}

const version = 1
const schema = z.object({ version: z.literal(version), incident: z.string() })

/** Which incident's thread hangs on which post. */
export const threadRoots = {
  /** undefined: none that is still known. */
  incidentOf: async (store: Store, channel: string, root: string): Promise<string | undefined> =>
    (await of(store).read(`${channel} ${root}`))?.incident,
  remember: async (store: Store, channel: string, root: string, incident: string): Promise<void> =>
    void (await of(store).change(`${channel} ${root}`, () => ({ value: { version, incident } }))),
} as const

function of(store: Store) {
  return records(store, 'thread-root', { schema, version, substitute: true })
}

/** undefined: its root is not there yet, or not any more, or Slack does not say. One that was deleted is posted again. */
export async function linkToThread(store: Store, slack: SlackApi, incident: string): Promise<string | undefined> {
  const threads = records(store, 'thread', { schema: threadSchema, version: threadVersion })
  const thread = await threads.find(incident)
  const ts = thread?.messages.root?.ts
  if (!thread || !ts) return undefined
  const link = await slack.permalink(thread.channel, ts)
  if (link.outcome === 'done') return link.value
  const lost = link.outcome === 'refused' && link.error === 'message_not_found'
  if (lost) await threads.change(incident, (before) => before && { value: beginAnew(before, ts) })
  return undefined
}

/** The root is lost, so the thread is to be posted again, under another one. `root`: the lost one; another stays. */
export function beginAnew(thread: Thread, root: string | undefined): Thread {
  if (thread.messages.root?.ts !== root) return thread
  const { under: _, ...kept } = thread
  return { ...kept, messages: {}, begun: thread.begun + 1 }
}
