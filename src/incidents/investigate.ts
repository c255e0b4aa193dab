import { ClusterError } from '../kubernetes/errors.ts'
import type { Diagnosis } from '../playbooks/image-pull/model.ts'
import { followProgress, type PlanStep, type Progress } from '../playbooks/image-pull/progress.ts'
import { factsRecorder } from '../playbooks/image-pull/saved-facts.ts'
import { Later } from '../queue/queue.ts'
import { withLease } from '../store/lease.ts'
import { type Text, text } from '../text.ts'
import { keepFacts } from './feedback.ts'
import { type Incident, noOffers } from './incident.ts'
import type { IncidentWorld } from './incident-world.ts'
import { type DiagnosedSubject, diagnoseSubject } from './subject.ts'
import { type Ending, findEnding, isOver, transition } from './transition.ts'
import type { WatchedCluster } from './watched-cluster.ts'

/** Milliseconds until it is tried again, where somebody else checks the same incident. */
const again = 2_000

interface Job {
  readonly attempt: number
  readonly signal: AbortSignal
}

/** A check of an incident: diagnoses its subject as it is now, and records what came out. Safe to run again. */
export async function investigate(world: IncidentWorld, id: string, job: Job): Promise<void> {
  const done = await withLease(world.store, `investigate ${id}`, async (lost) => {
    const incident = await world.incidents.read(id)
    const watched = incident && world.clusters.get(incident.cluster)
    if (!incident || isOver(incident)) return
    if (!watched) return fail(world, id, text`The cluster ${incident.cluster} is no longer configured.`)
    await record(world, id, (before, at) => transition(before, { what: 'check-began', at }))
    await check(world, incident, watched, AbortSignal.any([job.signal, lost]))
  })
  if (done.busy) throw new Later(again)
}

async function check(
  world: IncidentWorld,
  incident: Incident,
  watched: WatchedCluster,
  stop: AbortSignal,
): Promise<void> {
  const began = world.now().getTime()
  const signal = AbortSignal.any([stop, AbortSignal.timeout(world.pauses.check)])
  try {
    const seen = await look(world, incident, watched, signal)
    const diagnosis = seen?.diagnosis
    stop.throwIfAborted() // whoever stops it begins it again elsewhere
    const took = world.now().getTime() - began
    const verdict = diagnosis?.failing[0]?.verdict
    world.checked(verdict?.cause ?? 'none', verdict?.confidence ?? 'none', took)
    if (seen && seen.diagnosis.failing.length > 0) await failing(world, incident, seen, took, stop)
    else await notFailing(world, incident, diagnosis, took)
    await world.queue.add('look', incident.cluster, { delay: world.pauses.look })
  } catch (error) {
    if (stop.aborted || !(error instanceof ClusterError)) throw error
    await fail(world, incident.id, text`${error.message}`)
  }
}

/** undefined: nothing is left that could be looked at. */
async function look(
  world: IncidentWorld,
  incident: Incident,
  watched: WatchedCluster,
  signal: AbortSignal,
): Promise<DiagnosedSubject | undefined> {
  const progress = writeProgress((steps) =>
    record(world, incident.id, (it, at) => transition(it, { what: 'steps', at, steps })),
  )
  let facts: ReturnType<typeof factsRecorder> | undefined
  const seen = await diagnoseSubject(incident, watched, {
    signal,
    defect: world.defect,
    now: world.now,
    // A storm of new incidents asks each registry once. Whoever checks again wants to know what is true now.
    answers: incident.diagnosis || incident.pressed ? 'new' : 'recent',
    begins(pod, time) {
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
  await keepFacts(world.store, incident.id, facts.json())
  return seen
}

async function failing(
  world: IncidentWorld,
  { id }: Incident,
  seen: DiagnosedSubject,
  took: number,
  stop: AbortSignal,
): Promise<void> {
  const { diagnosis } = seen
  const told = (before: Incident, at: string) => transition(before, { what: 'diagnosed', at, diagnosis, took })
  const known = await world.incidents.read(id)
  // Offers have a time limit of their own: a slow diagnosis takes none of it.
  const offers = known && (await world.offers(told(known, world.now().toISOString()), seen, stop))
  const now = await record(world, id, (before, at) => ({ ...told(before, at), ...(offers && { offers }) }))
  if (!now || isOver(now)) return
  const home = await world.incidents.claim(now)
  if (home.id === id) return
  await record(world, id, (before, at) => transition(before, { what: 'joined', at, into: home.id }))
  for (const { user, request, at } of now.askers)
    await record(world, home.id, (before) => transition(before, { what: 'asked', at, by: user, request }))
}

/** It heals, or was never a failed pull: certain only when every workload of it is well. undefined: the subject is gone. */
async function notFailing(
  world: IncidentWorld,
  { id }: Incident,
  diagnosis: Diagnosis | undefined,
  took: number,
): Promise<void> {
  await record(world, id, (before, at) => {
    const checked = { ...transition(before, { what: 'not-failing', at, diagnosis, took }), offers: noOffers }
    const ending = findEnding(checked, diagnosis, new Date(at))
    if (!ending) return checked
    const told = saysSo(world, checked, ending) ? transition(checked, { what: 'announced', at }) : checked
    return transition(told, { what: 'ended', at, ...ending })
  })
}

/** An alert that was never about pulling images is answered where the configuration says so. */
function saysSo({ settings }: IncidentWorld, { verdicts, alertsFiring }: Incident, { how }: Ending): boolean {
  return how === 'elsewhere' && settings.others === 'say' && alertsFiring !== undefined && verdicts.length === 0
}

async function fail(world: IncidentWorld, id: string, reason: Text): Promise<void> {
  await record(world, id, (before, at) => transition(before, { what: 'check-failed', at, reason }))
}

/** Changes the record, and has its thread follow. */
async function record(
  world: IncidentWorld,
  id: string,
  step: (before: Incident, at: string) => Incident,
): Promise<Incident | undefined> {
  const now = await world.incidents.change(id, (before) => step(before, world.now().toISOString()))
  await world.queue.add('sync-thread', id)
  return now
}

/** Milliseconds between two writes: what a thread shows. */
const pause = 1_200

interface WrittenProgress extends Omit<Progress, 'steps'> {
  /** Writes the last state, and resolves when it is written. */
  done(): Promise<void>
}

/** Writes the steps of a diagnosis as they go, the last state always. A write that fails costs a step, not the diagnosis. */
function writeProgress(write: (steps: readonly PlanStep[]) => Promise<unknown>): WrittenProgress {
  const running = followProgress()
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<unknown> = Promise.resolve()

  function flush(): void {
    timer = undefined
    const steps = running.steps()
    writing = writing.then(() => write(steps)).catch(() => undefined)
  }
  function changed(): void {
    timer ??= setTimeout(flush, pause)
  }

  return {
    started(check) {
      running.started(check)
      changed()
    },
    seen(check, of) {
      running.seen(check, of)
      changed()
    },
    async done() {
      clearTimeout(timer)
      flush()
      await writing
    },
  }
}
