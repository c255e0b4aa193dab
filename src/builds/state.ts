import type { ContainerStatus, Pod, Resource } from '../kubernetes/resources.ts'
import type { Build } from './build.ts'

type Stands = Pick<Build, 'state' | 'failures' | 'retries'>

/** Restarts in the same pod from which on a build counts as failed: one restart may have passed. */
const restartsOfFailure = 2

/** How a Job stands. `pods`: those it made, as far as they are known. `builders`: the containers that push. */
export function readJobState(job: Resource<'jobs'>, pods: readonly Pod[], builders: readonly string[]): Stands {
  const { spec, status } = job
  const { failed: failures } = status
  const has = (type: string): boolean => status.conditions.some((it) => it.type === type && it.status === 'True')
  if (has('Failed')) return { state: 'failed', failures }
  if (has('Complete')) return { state: 'succeeded', failures }
  if (spec.suspend) return { state: 'suspended', failures }
  // FailureTarget comes before Failed, while its pods end.
  if (has('FailureTarget')) return { state: 'failed', failures }
  const broken = pods.filter((pod) => readPodState(pod, builders) === 'failed').length
  if (pods.length > 0 && broken === pods.length)
    return { state: 'failed', failures: Math.max(failures, broken), retries: true }
  return { state: status.active > 0 ? 'running' : 'pending', failures }
}

/** How a pod stands that builds: its builder decides, and no sidecar beside it. */
export function readPodState({ status, spec }: Pod, builders: readonly string[]): Build['state'] {
  if (status.phase === 'Succeeded') return 'succeeded'
  if (status.phase === 'Failed') return 'failed'
  const sidecars = new Set(spec.initContainers.filter((it) => it.restartPolicy === 'Always').map(({ name }) => name))
  const own = status.containerStatuses.filter(({ name }) => builders.length === 0 || builders.includes(name))
  const init = status.initContainerStatuses.filter(({ name }) => !sidecars.has(name))
  if ([...init, ...own].some((it) => hasFailed(it, spec.restartPolicy))) return 'failed'
  const ended = own.filter(({ state }) => state.terminated?.exitCode === 0)
  if (own.length > 0 && ended.length === own.length) return 'succeeded'
  return status.phase === 'Running' ? 'running' : 'pending'
}

function hasFailed({ state, lastState, restartCount }: ContainerStatus, restartPolicy: string): boolean {
  const ended = state.terminated ?? (state.waiting?.reason === 'CrashLoopBackOff' ? lastState.terminated : undefined)
  if (ended) return (ended.exitCode ?? 0) !== 0
  return restartPolicy !== 'Never' && restartCount >= restartsOfFailure && (lastState.terminated?.exitCode ?? 0) !== 0
}
