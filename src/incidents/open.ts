import type { Failure } from './failure.ts'
import { nobody } from './impact.ts'
import { type Check, type Incident, incidentVersion, noOffers } from './incident.ts'
import type { IncidentSettings, IncidentWorld } from './incident-world.ts'
import { toSubjectKey, toSubjectKind } from './key.ts'
import { isOver, transition } from './transition.ts'

interface Opening {
  /** Of the incident that may begin. */
  readonly id: string
  readonly channel: string
  readonly failure: Failure
  /** Nobody asked: whoever is to be told is told when there is something to tell. */
  readonly unasked?: boolean
}

/**
 * The open incident that a failure is a part of; else the one that ended lately, opened again; else a new one, which knows
 * the one before. Safe to run again.
 */
export async function openIncident(world: IncidentWorld, opening: Opening): Promise<Incident> {
  const { incidents, settings } = world
  const { id, channel, failure, unasked = false } = opening
  const last = await incidents.lastOf(failure)
  if (last && !isOver(last)) return last
  const now = world.now()
  const at = now.toISOString()
  const quietly = unasked && { announce: announcement(failure.since || at, now, settings) }
  if (last && endedWithin(last, now, settings.join)) {
    const again = await incidents.change(last.id, (before) =>
      transition(before, { what: 'reopened', at, failure, ...quietly }),
    )
    if (again) return incidents.claim(again)
  }
  return incidents.create(newIncident({ id, channel, failure, at, previous: last?.id, ...quietly }))
}

function endedWithin({ ended, check, openedAt }: Incident, now: Date, join: number): boolean {
  const end = ended?.at ?? check.startedAt ?? openedAt
  return now.getTime() - Date.parse(end) <= join
}

interface Beginning {
  readonly id: string
  readonly channel: string
  readonly failure: Failure
  /** RFC 3339. */
  readonly at: string
  /** Where nobody asked for it. */
  readonly announce?: Incident['announce']
  /** The one of the same thing before. */
  readonly previous?: string | undefined
}

const first: Check = { state: 'waiting', shown: true, looked: 0, unseen: 0 }

/** An incident of which only the kubelet's words are known. */
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
    affected: nobody,
    timeline: [],
    offers: noOffers,
    actions: [],
  }
}

interface Asker {
  readonly user: string
  /** The same for all tries of one question. */
  readonly request: string
  readonly channel: string
  /** The id of the incident that it may begin. */
  readonly incident: string
}

type Begun = { readonly answer: 'opened' | 'open-already'; readonly incident: Incident }

/** Joins the incident that a failure is a part of, or begins one, and has it checked. Safe to run again. */
export async function beginIncident(world: IncidentWorld, asker: Asker, failure: Failure): Promise<Begun> {
  const { user, request, channel, incident: id } = asker
  const at = world.now().toISOString()
  const known = await openIncident(world, { id, channel, failure })
  const incident = await world.incidents.change(known.id, (before) => ({
    ...transition(before, { what: 'asked', at, by: user, request }),
    ...elsewhere(before, channel),
  }))
  await world.queue.add('sync-thread', known.id)
  await world.queue.add('investigate', known.id)
  return { answer: known.id === id ? 'opened' : 'open-already', incident: incident ?? known }
}

const mostEchoes = 20

/** Who asks in another channel finds a short post with a link there. */
function elsewhere({ channel, echoes }: Incident, asked: string): Pick<Incident, 'echoes'> {
  const known = asked === channel || echoes.includes(asked)
  return { echoes: known ? echoes : [...echoes, asked].slice(0, mostEchoes) }
}

/**
 * Causes that often pass without anybody's help. https://kubernetes.io/docs/concepts/containers/images/#imagepullbackoff:
 * a node tries again within five minutes.
 */
const passing: ReadonlySet<string> = new Set([
  'rate-limited',
  'pulls-throttled',
  'registry-server-error',
  'stale-backoff',
  'build-running',
])

/** Milliseconds. */
const limits = {
  /** Since it fails, for what may pass: two of the kubelet's longest pauses. */
  passing: 10 * 60_000,
  /** For a verdict, beyond the time when it is told in any case. */
  verdict: 15_000,
} as const

/** When an incident that nobody asked for is told of: RFC 3339. */
export function announcement(
  since: string,
  now: Date,
  { grace, settle }: Pick<IncidentSettings, 'grace' | 'settle'>,
): NonNullable<Incident['announce']> {
  const least = now.getTime() + settle
  const began = Math.min(Date.parse(since), now.getTime()) // the cluster's clock may be ahead of this one
  const at = (ms: number): string => new Date(Math.max(least, began + ms)).toISOString()
  return { from: at(grace), passingFrom: at(Math.max(grace, limits.passing)) }
}

/**
 * Milliseconds until an incident is told of, 0: now. The first words are a verdict, and what heals before is never told.
 * Where somebody is down, nothing waits for it to pass.
 */
export function untilAnnounced(incident: Incident, now: Date): number {
  const { announce, state, verdicts, affected, healing, openedAt } = incident
  if (!announce || isSetBack(openedAt, now)) return 0
  const down = affected.workloads.some(({ impact, state: is }) => is === 'failing' && impact === 'down')
  const mayPass = healing !== undefined || (passing.has(verdicts.at(-1)?.cause ?? '') && !down)
  const late = state === 'open' ? 0 : limits.verdict
  return Math.max(0, Date.parse(mayPass ? announce.passingFrom : announce.from) + late - now.getTime())
}

/** Milliseconds by which the clocks of two machines may differ. */
const skew = 5_000

/** Whether the clock was set back since that time (RFC 3339): then nobody can say how long ago it was. */
function isSetBack(since: string, now: Date): boolean {
  return Date.parse(since) > now.getTime() + skew
}
