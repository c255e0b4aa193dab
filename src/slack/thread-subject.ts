import { untilAnnounced } from '../incidents/announce.ts'
import type { Incident } from '../incidents/incident.ts'
import { summaries } from '../incidents/summary.ts'
import { transition } from '../incidents/transition.ts'
import { summaryMessages } from './blocks/summary-message.ts'
import { formsOf } from './forms.ts'
import { linkToThread } from './link-to-thread.ts'
import { threadMessages } from './thread-messages.ts'
import type { Thread } from './thread-record.ts'
import type { ThreadWorld } from './thread-world.ts'
import type { Wanted } from './wanted.ts'

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
