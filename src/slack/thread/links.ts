import { z } from 'zod'
import { untilAnnounced } from '../../incidents/announce.ts'
import type { Incident } from '../../incidents/incident.ts'
import { summaries } from '../../incidents/reconcile/summary.ts'
import type { IncidentRecords } from '../../incidents/records.ts'
import { transition } from '../../incidents/transition.ts'
import { records } from '../../store/records.ts'
import type { Store } from '../../store/store.ts'
import type { SlackApi } from '../api.ts'
import { summaryMessages } from '../blocks/first-look.ts'
import type { ChannelCache } from '../channel-cache.ts'
import { type DesiredMessage, threadMessages } from './desired.ts'
import { readForms, type Thread, threadRecords } from './record.ts'

/** What a thread is about: an incident, or the summary of the first reconciliation of a cluster. */
export interface ThreadSubject {
  readonly id: string
  readonly channel: string
  /** Another bot's post in that channel, under which a new thread is posted. */
  readonly under?: string
  /** Milliseconds until anything may be posted about it. */
  readonly silentFor: number
  desired(thread: Thread): Promise<readonly DesiredMessage[]>
}

/** The collaborators that tell what a thread should show. */
export interface SubjectOptions {
  readonly incidents: Pick<IncidentRecords, 'read' | 'change'>
  readonly store: Store
  readonly slack: Pick<SlackApi, 'permalink'>
  readonly channels: Pick<ChannelCache, 'isOpen' | 'isShared'>
  readonly now: () => Date
}

/** Reads what a thread is about. undefined: the store no longer has it. */
export async function readSubject(options: SubjectOptions, id: string): Promise<ThreadSubject | undefined> {
  const incident = await options.incidents.read(id)
  if (incident) return subjectOfIncident(options, incident)
  const summary = await summaries.read(options.store, id)
  if (!summary) return undefined
  const { channel } = summary
  return { id, channel, silentFor: 0, desired: async () => summaryMessages(summary) }
}

async function subjectOfIncident(options: SubjectOptions, incident: Incident): Promise<ThreadSubject> {
  const { id, channel, posts } = incident
  const silentFor = untilAnnounced(incident, options.now())
  // The record says that people are notified before the first post is made.
  const shown = incident.announce && silentFor === 0 ? await announce(options, incident) : incident
  const post = posts.find((it) => it.channel === channel)
  return {
    id,
    channel,
    silentFor,
    ...(post && { under: post.ts }),
    desired: (thread) => desiredMessages(options, shown, thread),
  }
}

async function announce({ incidents, now }: SubjectOptions, { id, ...incident }: Incident): Promise<Incident> {
  const at = now().toISOString()
  return (await incidents.change(id, (before) => transition(before, { what: 'announced', at }))) ?? { id, ...incident }
}

async function desiredMessages(
  options: SubjectOptions,
  incident: Incident,
  thread: Thread,
): Promise<readonly DesiredMessage[]> {
  const { store, slack, channels, now } = options
  const link = async (id: string | undefined) => (id ? linkToThread(store, slack, id) : undefined)
  const forms = await readForms(store, now())
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

/** Records which incident's thread belongs to which root. */
export const threadRoots = {
  /** undefined: no incident, or one that is no longer kept. */
  incidentOf: async (store: Store, channel: string, root: string): Promise<string | undefined> =>
    (await rootRecords(store).read(`${channel} ${root}`))?.incident,
  remember: async (store: Store, channel: string, root: string, incident: string): Promise<void> =>
    void (await rootRecords(store).change(`${channel} ${root}`, () => ({ value: { version, incident } }))),
} as const

function rootRecords(store: Store) {
  return records(store, 'thread-root', { schema, version, substitute: true })
}

/**
 * Asks Slack for a link to an incident's thread. A root that somebody deleted will be posted again. undefined: the root is
 * not there, or Slack does not answer.
 */
export async function linkToThread(
  store: Store,
  slack: Pick<SlackApi, 'permalink'>,
  incident: string,
): Promise<string | undefined> {
  const threads = threadRecords(store)
  const thread = await threads.find(incident)
  const ts = thread?.messages.root?.ts
  if (!thread || !ts) return undefined
  const link = await slack.permalink(thread.channel, ts)
  if (link.outcome === 'done') return link.value
  const lost = link.outcome === 'refused' && link.error === 'message_not_found'
  if (lost) await threads.change(incident, (before) => before && { value: withNewRoot(before, ts) })
  return undefined
}

/** Forgets a lost root, so that the thread is posted again under a new one. `root`: the lost one; any other one stays. */
export function withNewRoot(thread: Thread, root: string | undefined): Thread {
  if (thread.messages.root?.ts !== root) return thread
  const { under: _, ...kept } = thread
  return { ...kept, messages: {}, begun: thread.begun + 1 }
}
