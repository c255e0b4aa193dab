import type { Cluster } from '../kubernetes/cluster.ts'
import { ClusterError } from '../kubernetes/errors.ts'
import type { Pod } from '../kubernetes/resources.ts'
import { lastingOf } from '../playbooks/image-pull/causes.ts'
import type { ContainerDiagnosis, Diagnosis } from '../playbooks/image-pull/model.ts'
import { readPulls } from '../playbooks/image-pull/pulls.ts'
import { type Text, text } from '../text.ts'
import { readSubject, type SubjectKey, type SubjectSeen } from './subject.ts'

/** What happens while a rollout is awaited, in order. */
export type RolloutEvent =
  | { readonly type: 'progress'; readonly says: Text }
  /** `goesOn`: it may pass by itself, or is not sure enough, so the wait goes on. */
  | {
      readonly type: 'pull-failing'
      readonly pod: string
      readonly diagnosis: ContainerDiagnosis
      readonly lasting: ReturnType<typeof lastingOf>
      readonly goesOn: boolean
    }
  | { readonly type: 'pull-recovered'; readonly image: string }
  /** The cluster could not be asked this time. */
  | { readonly type: 'unseen'; readonly says: Text }

/** How it ended. `diagnosis`: of the pod or owner that shows it. */
export type RolloutEnd =
  | { readonly outcome: 'ready'; readonly says: Text }
  | { readonly outcome: 'pull-failed'; readonly diagnosis: Diagnosis }
  | { readonly outcome: 'failed'; readonly says: Text; readonly diagnosis?: Diagnosis }
  | { readonly outcome: 'time-over'; readonly says: Text; readonly diagnosis?: Diagnosis }
  | { readonly outcome: 'gone' }

export interface RolloutWorld {
  readonly cluster: Cluster
  /** Why this pod does not start. */
  diagnose(pod: Pod): Promise<Diagnosis>
  /** Why the subject has no pod; undefined: its kind has none to have. */
  diagnoseOwner(seen: SubjectSeen): Promise<Diagnosis | undefined>
  /** Milliseconds from some start. */
  now(): number
  sleep(ms: number): Promise<void>
  tell(event: RolloutEvent): void
}

/** Milliseconds. A failure that may pass is diagnosed again after a while, for its cause may be another then. */
const pauses = { poll: 1_000, again: 30_000, podless: 5_000 } as const
/** Restarts after a crash from which on a container counts as crashing: one or two may pass. */
const crashes = 3

/** Waits until the subject is ready, or cannot become it. `timeout`: milliseconds. Throws ClusterError at first only. */
export async function awaitRollout(key: SubjectKey, timeout: number, world: RolloutWorld): Promise<RolloutEnd> {
  const follower = createFollower(world)
  const end = world.now() + timeout
  let seen: SubjectSeen | 'unseen' | undefined = await readSubject(world.cluster, key)
  for (;;) {
    if (seen === undefined) return { outcome: 'gone' }
    const ended = seen === 'unseen' ? undefined : await follower.follow(seen)
    if (ended) return ended
    if (world.now() >= end) return follower.timeOver()
    await world.sleep(Math.min(pauses.poll, Math.max(0, end - world.now())))
    seen = await readAgain(key, world)
  }
}

/** A cluster that does not answer for a moment ends no rollout. */
async function readAgain(key: SubjectKey, world: RolloutWorld): Promise<SubjectSeen | 'unseen' | undefined> {
  try {
    return await readSubject(world.cluster, key)
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error
    world.tell({ type: 'unseen', says: text`${error.message}` })
    return 'unseen'
  }
}

function createFollower(world: RolloutWorld) {
  /** Failing images, with the time at which each was diagnosed. */
  const failing = new Map<string, number>()
  let said = ''
  let last: { readonly says: Text; readonly diagnosis?: Diagnosis } = { says: text`nothing was seen` }
  let podlessSince: number | undefined

  function progress(says: Text): void {
    last = { ...last, says }
    const words = JSON.stringify(says)
    if (words !== said) world.tell({ type: 'progress', says })
    said = words
  }

  async function follow(seen: SubjectSeen): Promise<RolloutEnd | undefined> {
    const { standing, pods } = seen
    if (standing.is === 'ready') return { outcome: 'ready', says: standing.says }
    progress(standing.says)
    const pull = await followPulls(pods)
    if (pull) return pull
    const crashing = pods.find(isCrashing)
    if (crashing || standing.is === 'failed') return await failed(seen, crashing ?? pods[0])
    return followOwner(seen)
  }

  async function followPulls(pods: readonly Pod[]): Promise<RolloutEnd | undefined> {
    const open = new Map(pods.flatMap((pod) => failingImages(pod).map((image) => [image, pod])))
    for (const image of failing.keys())
      if (!open.has(image)) {
        failing.delete(image)
        world.tell({ type: 'pull-recovered', image })
      }
    for (const [image, pod] of open) {
      const before = failing.get(image)
      if (before !== undefined && world.now() - before < pauses.again) continue
      const ended = await examine(pod)
      failing.set(image, world.now())
      if (ended) return ended
    }
    return undefined
  }

  async function examine(pod: Pod): Promise<RolloutEnd | undefined> {
    const diagnosis = await world.diagnose(pod)
    if (diagnosis.failing.length === 0) return undefined
    last = { ...last, diagnosis }
    const final = diagnosis.failing.some(isFinal)
    for (const it of diagnosis.failing)
      world.tell({
        ...{ type: 'pull-failing', pod: pod.metadata.name, diagnosis: it },
        ...{ lasting: lastingOf(it.verdict.cause), goesOn: !isFinal(it) },
      })
    return final ? { outcome: 'pull-failed', diagnosis } : undefined
  }

  /** Nothing makes a pod: perhaps a policy or a quota refuses it. */
  async function followOwner(seen: SubjectSeen): Promise<RolloutEnd | undefined> {
    if (seen.pods.length > 0 || !seen.owner) {
      podlessSince = undefined
      return undefined
    }
    podlessSince ??= world.now()
    if (world.now() - podlessSince < pauses.podless) return undefined
    podlessSince = world.now()
    const diagnosis = await world.diagnoseOwner(seen)
    if (!diagnosis) return undefined
    last = { ...last, diagnosis }
    return diagnosis.failing.some(isFinal) ? { outcome: 'pull-failed', diagnosis } : undefined
  }

  async function failed(seen: SubjectSeen, pod: Pod | undefined): Promise<RolloutEnd> {
    const diagnosis = pod ? await world.diagnose(pod) : await world.diagnoseOwner(seen)
    if (diagnosis?.failing.some(({ at }) => at !== 'nowhere')) return { outcome: 'pull-failed', diagnosis }
    return { outcome: 'failed', says: seen.standing.says, ...(diagnosis && { diagnosis }) }
  }

  return { follow, timeOver: (): RolloutEnd => ({ outcome: 'time-over', ...last }) }
}

/** It fails again until somebody changes something, and that is at least likely. */
function isFinal({ verdict }: ContainerDiagnosis): boolean {
  return lastingOf(verdict.cause) === 'final' && verdict.confidence !== 'possible'
}

function failingImages(pod: Pod): readonly string[] {
  return readPulls(pod, [], new Date()).flatMap(({ state, image }) => (state === 'failing' ? [image] : []))
}

function isCrashing({ status }: Pod): boolean {
  return [...status.initContainerStatuses, ...status.containerStatuses].some(
    ({ state, restartCount }) => state.waiting?.reason === 'CrashLoopBackOff' && restartCount >= crashes,
  )
}
