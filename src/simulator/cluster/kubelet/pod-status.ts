import type { Pod } from '../../../kubernetes/resources.ts'
import { type JsonObject, jsonObject, jsonObjects } from '../api/store.ts'
import { type Condition, withCondition } from '../controllers/controller.ts'
import type { ContainerRecord } from './containers.ts'

export interface PodFacts {
  readonly records: readonly ContainerRecord[]
  /** Empty: the pod has no network yet. */
  readonly podIp: string
  /** RFC 3339. */
  readonly startTime: string
}

/** Makes a pod's status as the kubelet does: pkg/kubelet/kubelet_pods.go and status/generate.go. */
export function podStatus(before: JsonObject, { spec }: Pod, facts: PodFacts, now: number): JsonObject {
  const { records, podIp, startTime } = facts
  const inits = records.filter(({ init }) => init)
  const mains = records.filter(({ init }) => !init)
  const initialized = inits.every(hasSucceeded)
  const ready = initialized && mains.every((it) => it.ready)
  const phase = phaseOf(spec.restartPolicy, inits, mains)
  const unready = mains.filter((it) => !it.ready).map(({ name }) => name)
  const ended = phase === 'Succeeded' || phase === 'Failed'
  const why = ended
    ? { reason: phase === 'Failed' ? 'PodFailed' : 'PodCompleted' }
    : { reason: 'ContainersNotReady', message: `containers with unready status: [${unready.join(' ')}]` }
  const uninitialized = inits.filter((it) => !hasSucceeded(it)).map(({ name }) => name)
  const incomplete = {
    reason: 'ContainersNotInitialized',
    message: `containers with incomplete status: [${uninitialized.join(' ')}]`,
  }
  const conditions: readonly Condition[] = [
    condition('PodReadyToStartContainers', podIp !== '' && !ended, {}),
    condition('Initialized', initialized, incomplete),
    condition('ContainersReady', ready, why),
    condition('Ready', ready, why),
  ]
  return {
    ...before,
    phase,
    startTime,
    ...(podIp && { podIP: podIp, podIPs: [{ ip: podIp }] }),
    conditions: conditions.reduce((all, it) => withCondition(all, it, now), jsonObjects(before.conditions)),
    ...(inits.length > 0 && { initContainerStatuses: inits.map(containerStatus) }),
    containerStatuses: mains.map(containerStatus),
  }
}

function condition(type: string, holds: boolean, otherwise: Omit<Condition, 'type' | 'status'>): Condition {
  return holds ? { type, status: 'True', reason: '', message: '' } : { type, status: 'False', ...otherwise }
}

function containerStatus({ name, image, imageId, state, lastState, ready, restarts }: ContainerRecord): JsonObject {
  const started = 'running' in state
  return { name, image, imageID: imageId, ready, started, restartCount: restarts, state, lastState }
}

function hasSucceeded({ state }: ContainerRecord): boolean {
  return 'terminated' in state && exitCodeOf(state) === 0
}

function exitCodeOf(state: JsonObject): number {
  return Number(jsonObject(state.terminated).exitCode)
}

/** pkg/kubelet/kubelet_pods.go, getPhase. */
function phaseOf(policy: string, inits: readonly ContainerRecord[], mains: readonly ContainerRecord[]): string {
  const initFailed = inits.some(({ state }) => 'terminated' in state && exitCodeOf(state) !== 0)
  if (initFailed && policy === 'Never') return 'Failed'
  const never = mains.some(({ state, lastState }) => 'waiting' in state && !('terminated' in lastState))
  if (!inits.every(hasSucceeded) || never) return 'Pending'
  const stopped = mains.filter(({ state }) => 'terminated' in state)
  if (stopped.length < mains.length || policy === 'Always') return 'Running'
  if (stopped.every(hasSucceeded)) return 'Succeeded'
  return policy === 'Never' ? 'Failed' : 'Running'
}
