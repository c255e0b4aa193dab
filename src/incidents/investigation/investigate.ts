import { ClusterError } from '../../kubernetes/errors.ts'
import type { World } from '../../playbooks/image-pull/diagnose.ts'
import type { Diagnosis } from '../../playbooks/image-pull/model.ts'
import { factsRecorder } from '../../playbooks/image-pull/saved-facts.ts'
import { Later, type Queue } from '../../queue/queue.ts'
import { withLease } from '../../store/lease.ts'
import type { Store } from '../../store/store.ts'
import { type Text, text } from '../../text.ts'
import { type Incident, noOffers, type Offers } from '../incident.ts'
import type { IncidentRecords } from '../records.ts'
import type { IncidentSettings } from '../settings.ts'
import { type Ending, findEnding, isOver, transition } from '../transition.ts'
import type { WatchedCluster, WatchedClusters } from '../watched-cluster.ts'
import { keepFacts } from './feedback.ts'
import { type DiagnosedSubject, diagnoseSubject } from './subject.ts'
import { writeProgress } from './write-progress.ts'

/** Finds the actions that may be offered for an incident after a diagnosis. Throws StoreError. */
export type FindOffers = (incident: Incident, seen: DiagnosedSubject, signal: AbortSignal) => Promise<Offers>

/** What one check came to. `none`: nothing failed to pull. */
export interface CheckResult {
  readonly cause: string
  readonly confidence: string
  /** Milliseconds. */
  readonly took: number
}

export interface InvestigationOptions {
  readonly incidents: IncidentRecords
  readonly store: Store
  readonly queue: Pick<Queue, 'add'>
  readonly clusters: WatchedClusters
  readonly findOffers: FindOffers
  readonly settings: Pick<IncidentSettings, 'check' | 'reconcile' | 'others'>
  readonly now: () => Date
  readonly onDefect: World['defect']
}

/**
 * Checks an incident: diagnoses its subject as it is now, and records the result. It is safe to run again. undefined: no
 * diagnosis was made. Throws Later while another worker checks the same incident, and StoreError and QueueError.
 */
export type Investigate = (id: string, job: { readonly signal: AbortSignal }) => Promise<CheckResult | undefined>

/** Milliseconds until the next try while another worker checks the same incident. */
const busyRetry = 2_000

export function createInvestigation(options: InvestigationOptions): Investigate {
  return async (id, { signal }) => {
    const { store, incidents, clusters } = options
    const done = await withLease(store, `investigate ${id}`, async (lost) => {
      const incident = await incidents.read(id)
      if (!incident || isOver(incident)) return undefined
      const watched = clusters.get(incident.cluster)
      if (!watched) return fail(options, id, text`The cluster ${incident.cluster} is no longer configured.`)
      await change(options, id, (before, at) => transition(before, { what: 'check-began', at }))
      return check(options, incident, watched, AbortSignal.any([signal, lost]))
    })
    if (done.busy) throw new Later(busyRetry)
    return done.value
  }
}

/** @param stop Ends the check without a result: another run begins it again. */
async function check(
  options: InvestigationOptions,
  incident: Incident,
  watched: WatchedCluster,
  stop: AbortSignal,
): Promise<CheckResult | undefined> {
  const { queue, settings, now } = options
  const began = now().getTime()
  const limited = AbortSignal.any([stop, AbortSignal.timeout(settings.check)])
  try {
    const seen = await diagnoseAndKeepFacts(options, incident, watched, limited)
    stop.throwIfAborted()
    const took = now().getTime() - began
    if (seen && seen.diagnosis.failing.length > 0) await recordFailing(options, incident, seen, took, stop)
    else await recordNotFailing(options, incident, seen?.diagnosis, took)
    await queue.add('look', incident.cluster, { delay: settings.reconcile })
    const verdict = seen?.diagnosis.failing[0]?.verdict
    return { cause: verdict?.cause ?? 'none', confidence: verdict?.confidence ?? 'none', took }
  } catch (error) {
    if (stop.aborted || !(error instanceof ClusterError)) throw error
    return fail(options, incident.id, text`${error.message}`)
  }
}

/** Records the progress meanwhile, and the facts for a bug report. undefined: the subject is gone. */
async function diagnoseAndKeepFacts(
  options: Pick<InvestigationOptions, 'incidents' | 'queue' | 'store' | 'now' | 'onDefect'>,
  incident: Incident,
  watched: WatchedCluster,
  signal: AbortSignal,
): Promise<DiagnosedSubject | undefined> {
  const { store, now, onDefect } = options
  const progress = writeProgress((steps) =>
    change(options, incident.id, (it, at) => transition(it, { what: 'steps', at, steps })),
  )
  let facts: ReturnType<typeof factsRecorder> | undefined
  const seen = await diagnoseSubject(incident, watched, {
    signal,
    now,
    defect: onDefect,
    // A storm of new incidents asks each registry once. A person who checks again wants to know what is true now.
    answers: incident.diagnosis || incident.pressed ? 'new' : 'recent',
    onPod(pod, time) {
      facts = factsRecorder(incident.cluster, pod, time)
      const { remember } = facts
      return {
        progress: progress.started,
        remember(path, check, of) {
          progress.seen(check, of)
          remember(path, check, of)
        },
      }
    },
  })
  if (!facts) return seen
  await progress.done()
  await keepFacts(store, incident.id, facts.json())
  return seen
}

async function recordFailing(
  options: InvestigationOptions,
  { id }: Incident,
  seen: DiagnosedSubject,
  took: number,
  stop: AbortSignal,
): Promise<void> {
  const { incidents, findOffers, now: clock } = options
  const { diagnosis } = seen
  const diagnosed = (before: Incident, at: string) => transition(before, { what: 'diagnosed', at, diagnosis, took })
  const known = await incidents.read(id)
  // Offers have a time limit of their own: a slow diagnosis takes none of it.
  const offers = known && (await findOffers(diagnosed(known, clock().toISOString()), seen, stop))
  const now = await change(options, id, (before, at) => ({ ...diagnosed(before, at), ...(offers && { offers }) }))
  if (!now || isOver(now)) return
  const home = await incidents.claim(now)
  if (home.id === id) return
  await change(options, id, (before, at) => transition(before, { what: 'joined', at, into: home.id }))
  for (const { user, request, at } of now.askers)
    await change(options, home.id, (before) => transition(before, { what: 'asked', at, by: user, request }))
}

/**
 * The subject heals, or it never failed to pull. The incident ends only when every workload of it is well.
 * @param diagnosis undefined: the subject is gone.
 */
async function recordNotFailing(
  options: Pick<InvestigationOptions, 'incidents' | 'queue' | 'settings' | 'now'>,
  { id }: Incident,
  diagnosis: Diagnosis | undefined,
  took: number,
): Promise<void> {
  await change(options, id, (before, at) => {
    const checked = { ...transition(before, { what: 'not-failing', at, diagnosis, took }), offers: noOffers }
    const ending = findEnding(checked, diagnosis, new Date(at))
    if (!ending) return checked
    const announced = options.settings.others === 'say' && isOtherAlert(checked, ending)
    const last = announced ? transition(checked, { what: 'announced', at }) : checked
    return transition(last, { what: 'ended', at, ...ending })
  })
}

/** Tells whether the incident is an alert that was never about pulling images. */
function isOtherAlert({ verdicts, alertsFiring }: Incident, { how }: Ending): boolean {
  return how === 'elsewhere' && alertsFiring !== undefined && verdicts.length === 0
}

type ChangeOptions = Pick<InvestigationOptions, 'incidents' | 'queue' | 'now'>

async function fail(options: ChangeOptions, id: string, reason: Text): Promise<undefined> {
  await change(options, id, (before, at) => transition(before, { what: 'check-failed', at, reason }))
}

/** Changes the record, and has its thread updated. */
async function change(
  { incidents, queue, now }: ChangeOptions,
  id: string,
  step: (before: Incident, at: string) => Incident,
): Promise<Incident | undefined> {
  const changed = await incidents.change(id, (before) => step(before, now().toISOString()))
  await queue.add('sync-thread', id)
  return changed
}
