import type { Queue } from '../queue/queue.ts'
import type { AlertPost } from './alerts/alert.ts'
import { announcement } from './announce.ts'
import type { Failure } from './failure.ts'
import { noneAffected } from './impact.ts'
import { type Check, type Incident, incidentVersion, noOffers } from './incident.ts'
import { toSubjectKey, toSubjectKind } from './key.ts'
import { type IncidentRecords, incidentId } from './records.ts'
import type { IncidentSettings } from './settings.ts'
import { isOver, transition } from './transition.ts'

/** A person who asks about a failure. */
export interface Asker {
  readonly user: string
  /** The same for all tries of one question. */
  readonly request: string
  readonly channel: string
  /** The id of the incident that this question may open. */
  readonly incident: string
}

/** The alerts and channels for which an incident is opened without a question. */
export interface Announcement {
  /** The number of alerts that fire for it. */
  readonly firing: number
  readonly posts: readonly AlertPost[]
  readonly channels: readonly string[]
}

export type Opened = { readonly answer: 'opened' | 'open-already'; readonly incident: Incident }

/** Opens incidents, and has each checked and its thread posted. Every method is safe to run again. Throws StoreError, QueueError. */
export interface IncidentOpener {
  /** Adds a person to the incident of a failure, and opens the incident if there is none. */
  openFor(asker: Asker, failure: Failure): Promise<Opened>
  /** Opens an incident that nobody asked for, to be announced in a channel. */
  openUnasked(channel: string, failure: Failure, announced: Announcement): Promise<Incident>
}

export interface OpenerOptions {
  readonly incidents: IncidentRecords
  readonly queue: Pick<Queue, 'add'>
  readonly settings: Pick<IncidentSettings, 'grace' | 'settle' | 'join'>
  readonly now: () => Date
  /** Makes the id of an incident. */
  readonly newId?: () => string
}

export function createIncidentOpener(options: OpenerOptions): IncidentOpener {
  const { incidents, queue, now, newId = incidentId } = options

  async function enqueue(id: string): Promise<void> {
    await queue.add('sync-thread', id)
    await queue.add('investigate', id)
  }

  return {
    async openFor({ user, request, channel, incident: id }, failure) {
      const at = now().toISOString()
      const known = await findOrOpen(options, { id, channel, failure })
      const incident = await incidents.change(known.id, (before) => ({
        ...transition(before, { what: 'asked', at, by: user, request }),
        echoes: withEcho(before, channel),
      }))
      await enqueue(known.id)
      return { answer: known.id === id ? 'opened' : 'open-already', incident: incident ?? known }
    },
    async openUnasked(channel, failure, { firing, posts, channels }) {
      const incident = await findOrOpen(options, { id: newId(), channel, failure, unasked: true })
      const at = now().toISOString()
      await incidents.change(incident.id, (before) =>
        transition(before, { what: 'alerts-changed', at, firing, posts, channels }),
      )
      await enqueue(incident.id)
      return incident
    },
  }
}

interface Opening {
  /** The id of an incident that is created. */
  readonly id: string
  readonly channel: string
  readonly failure: Failure
  /** Nobody asked, so the incident is announced later. */
  readonly unasked?: boolean
}

/**
 * Returns the open incident that a failure is a part of. Without one, it reopens an incident of the same thing that ended
 * recently, or creates a new incident that links to the previous one.
 */
async function findOrOpen(
  { incidents, settings, now: clock }: Pick<OpenerOptions, 'incidents' | 'settings' | 'now'>,
  { id, channel, failure, unasked = false }: Opening,
): Promise<Incident> {
  const last = await incidents.lastOf(failure)
  if (last && !isOver(last)) return last
  const now = clock()
  const at = now.toISOString()
  const announced = unasked && { announce: announcement(failure.since || at, now, settings) }
  if (last && endedWithin(last, now, settings.join)) {
    const again = await incidents.change(last.id, (before) =>
      transition(before, { what: 'reopened', at, failure, ...announced }),
    )
    if (again) return incidents.claim(again)
  }
  return incidents.create(newIncident({ id, channel, failure, at, previous: last?.id, ...announced }))
}

function endedWithin({ ended, check, openedAt }: Incident, now: Date, join: number): boolean {
  const end = ended?.at ?? check.startedAt ?? openedAt
  return now.getTime() - Date.parse(end) <= join
}

const mostEchoes = 20

/** A person who asks in another channel finds a short post with a link there. */
function withEcho({ channel, echoes }: Incident, asked: string): Incident['echoes'] {
  const known = asked === channel || echoes.includes(asked)
  return known ? echoes : [...echoes, asked].slice(0, mostEchoes)
}

interface Beginning {
  readonly id: string
  readonly channel: string
  readonly failure: Failure
  /** RFC 3339. */
  readonly at: string
  /** If nobody asked for it. */
  readonly announce?: Incident['announce']
  /** The id of the previous incident of the same thing. */
  readonly previous?: string | undefined
}

const first: Check = { state: 'waiting', shown: true, looked: 0, unseen: 0 }

/** Makes an incident of which only the kubelet's message is known. */
export function newIncident({ id, channel, failure, at, announce, previous }: Beginning): Incident {
  const about = toSubjectKind(undefined, failure.at)
  return {
    version: incidentVersion,
    id,
    cluster: failure.cluster,
    state: 'checking',
    channel,
    echoes: [],
    posts: [],
    ...(announce && { announce }),
    ...(previous && { previous }),
    again: 0,
    key: toSubjectKey(about, failure),
    about,
    place: failure.at,
    subject: failure,
    askers: [],
    openedAt: at,
    since: failure.since || at,
    check: first,
    plan: { check: first, steps: [] },
    wanted: false,
    verdicts: [],
    findings: 0,
    flaps: 0,
    affected: noneAffected,
    timeline: [],
    offers: noOffers,
    actions: [],
  }
}
