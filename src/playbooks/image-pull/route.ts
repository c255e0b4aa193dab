import type { Pod, PodEvent } from '../../kubernetes/resources.ts'
import { redact } from '../../secret.ts'
import { type Text, text } from '../../text.ts'
import type { ContainerPull } from './inputs.ts'
import { timeOf } from './pulls.ts'

/** The other playbooks are only recognised. */
export type Playbook = 'crashloop-backoff' | 'limitrange-violations' | 'argocd-sync-failures' | 'kaniko-build-timeouts'

/** What it is instead of a failed pull. */
export interface Route {
  readonly playbook: Playbook | undefined
  readonly note: Text
}

/** undefined: nothing is wrong with the pod that its status or events would tell. */
export function routeOf(
  pod: Pod,
  pulls: readonly ContainerPull[],
  events: readonly PodEvent[],
  now: Date,
): Route | undefined {
  return unscheduled(pod) ?? crashing(pod, now) ?? notCreated(pod) ?? notMounted(events, pulls) ?? notReady(pod, events)
}

function unscheduled(pod: Pod): Route | undefined {
  const scheduled = pod.status.conditions.find((condition) => condition.type === 'PodScheduled')
  if (scheduled?.status !== 'False') return undefined
  // The scheduler's words for requests that no node can meet; quotas and limit ranges are that playbook's subject.
  const playbook = /\bInsufficient (?:cpu|memory|ephemeral-storage|pods)\b/.test(scheduled.message)
    ? 'limitrange-violations'
    : undefined
  return {
    playbook,
    note: text`Not an image pull: no node takes the pod. The scheduler says: ${short(scheduled.message)}`,
  }
}

const crashReasons: ReadonlySet<string> = new Set(['CrashLoopBackOff', 'RunContainerError'])
/** Milliseconds: what crashed and was started again so recently has proved nothing yet. The kubelet's first restart is at once. */
const proof = 60_000

function crashing(pod: Pod, now: Date): Route | undefined {
  const statuses = [...pod.status.initContainerStatuses, ...pod.status.containerStatuses]
  for (const { name, state, lastState, restartCount, ready } of statuses) {
    const ended = state.terminated ?? lastState.terminated
    const failed = ended !== undefined && ended.exitCode !== 0
    const loops = state.waiting !== undefined && crashReasons.has(state.waiting.reason)
    const unproven = !ready || now.getTime() - Date.parse(state.running?.startedAt ?? '') < proof
    if (!loops && !(failed && (state.terminated || (restartCount > 0 && unproven)))) continue
    const how = ended
      ? text`ended with ${ended.reason || 'Error'}, exit code ${ended.exitCode ?? 'unknown'}`
      : text`cannot start`
    const words = state.waiting?.message || ended?.message
    const said = words ? text`: ${short(words)}` : text``
    return {
      playbook: 'crashloop-backoff',
      note: text`Not an image pull: the image is there, and container ${name} ${how}${said}`,
    }
  }
  return undefined
}

function notCreated(pod: Pod): Route | undefined {
  const statuses = [...pod.status.initContainerStatuses, ...pod.status.containerStatuses]
  const stuck = statuses.find(
    ({ state }) => state.waiting && !['ContainerCreating', 'PodInitializing'].includes(state.waiting.reason),
  )
  const waiting = stuck?.state.waiting
  if (!stuck || !waiting) return undefined
  return {
    playbook: undefined,
    note: text`Not an image pull: container ${stuck.name} cannot be created, ${waiting.reason}: ${short(waiting.message)}`,
  }
}

const setUpFailures: ReadonlySet<string> = new Set([
  'FailedMount',
  'FailedAttachVolume',
  'FailedCreatePodSandBox',
  'FailedMapVolume',
])

function notMounted(events: readonly PodEvent[], pulls: readonly ContainerPull[]): Route | undefined {
  if (!pulls.some((pull) => pull.state === 'waiting')) return undefined
  const event = newest(events.filter((it) => setUpFailures.has(it.reason)))
  return (
    event && {
      playbook: undefined,
      note: text`Not an image pull: the pod cannot be set up, ${event.reason}: ${short(event.message)}`,
    }
  )
}

function notReady(pod: Pod, events: readonly PodEvent[]): Route | undefined {
  const unready = pod.status.containerStatuses.find((status) => status.state.running && !status.ready)
  if (!unready) return undefined
  const probe = newest(events.filter((it) => it.reason === 'Unhealthy'))
  const said = probe ? text`: ${short(probe.message)}` : text`, and no event says why`
  return { playbook: undefined, note: text`Not an image pull: container ${unready.name} runs, but is not ready${said}` }
}

function newest(events: readonly PodEvent[]): PodEvent | undefined {
  return events.toSorted((a, b) => (timeOf(a) ?? '').localeCompare(timeOf(b) ?? '')).at(-1)
}

function short(message: string): string {
  return redact(message).slice(0, 300)
}
