import { nobody } from './affected.ts'
import type { Failure } from './failure.ts'
import { type Check, type Incident, incidentVersion } from './incident.ts'
import { noOffers } from './offer.ts'
import { subjectKey, subjectOf } from './subject-key.ts'

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
    key: subjectKey(subjectOf(undefined, failure.at), failure),
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
