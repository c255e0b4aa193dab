import { stripVTControlCharacters } from 'node:util'
import type { Cluster } from '../../kubernetes/cluster.ts'
import type { ContainerStatus, Pod } from '../../kubernetes/resources.ts'
import type { Build } from '../build.ts'

/** The container of a build whose log tells, and why. */
export interface TellingContainer {
  readonly name: string
  /** Its log is that of the run before: it was restarted since. */
  readonly previous: boolean
  /** How it ended; undefined: it has not. */
  readonly ended?: { readonly reason: string; readonly exitCode: number; readonly message: string }
  /** One that only prepares the build, such as a clone of its source. */
  readonly prepares: boolean
}

/** The pods of a build, the newest first. Throws ClusterError. */
export async function findBuildPods(
  cluster: Cluster,
  { kind, namespace, name }: Pick<Build, 'kind' | 'namespace' | 'name'>,
  signal?: AbortSignal,
): Promise<readonly Pod[]> {
  if (kind === 'CronJob') return []
  if (kind === 'Pod') {
    const pod = await cluster.get('pods', { namespace, name }, signal)
    return pod ? [pod] : []
  }
  const { items } = await cluster.list('pods', { namespace, labels: { 'batch.kubernetes.io/job-name': name } }, signal)
  return items.toSorted((a, b) => b.metadata.creationTimestamp.localeCompare(a.metadata.creationTimestamp))
}

/**
 * Which container tells how a build went: the first that ended with an error, in the order they start; otherwise the one
 * that builds. A sidecar tells nothing while a builder has failed. undefined: the pod has no container.
 */
export function tellingContainer(
  { spec, status }: Pod,
  builders: readonly string[] = [],
): TellingContainer | undefined {
  const init = spec.initContainers.map(({ name }) => name)
  const regular = spec.containers.map(({ name }) => name)
  const known = [...builders].filter((it) => init.includes(it) || regular.includes(it))
  // The builders before the sidecars, in both lists.
  const order = [...init, ...known.filter((it) => !init.includes(it)), ...regular.filter((it) => !known.includes(it))]
  const statuses = new Map([...status.initContainerStatuses, ...status.containerStatuses].map((it) => [it.name, it]))
  const failed = order.flatMap((name) => failureOf(statuses.get(name)) ?? [])[0]
  const running = init.find((name) => statuses.get(name)?.state.running && known.includes(name))
  const chosen = failed?.name ?? running ?? known.find((it) => regular.includes(it)) ?? known[0] ?? regular[0]
  if (chosen === undefined) return undefined
  const prepares = init.includes(chosen) && !known.includes(chosen)
  return failed?.name === chosen ? { ...failed, prepares } : { name: chosen, previous: false, prepares }
}

function failureOf(status: ContainerStatus | undefined): Omit<TellingContainer, 'prepares'> | undefined {
  if (!status) return undefined
  const now = status.state.terminated
  const ended = now ?? status.lastState.terminated
  if (!ended || (ended.exitCode ?? 0) === 0) return undefined
  const { reason, message, exitCode = 0 } = ended
  // A container that waits for its next start has the log of its last run as its own; only a running one has begun another.
  return {
    name: status.name,
    previous: !now && status.state.running !== undefined,
    ended: { reason, message, exitCode },
  }
}

interface LogLimits {
  readonly tailLines: number
  readonly limitBytes: number
}

/** The log of a container, without colours. undefined: there is none. Throws ClusterError. */
export async function readContainerLog(
  cluster: Cluster,
  pod: Pod,
  { name: container, previous }: Pick<TellingContainer, 'name' | 'previous'>,
  limits: LogLimits,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const { namespace, name } = pod.metadata
  const asked = { namespace, pod: name, container, ...limits }
  const text = previous ? await cluster.logs({ ...asked, previous }, signal) : undefined
  const log = text ?? (await cluster.logs(asked, signal))
  return log === undefined ? undefined : stripVTControlCharacters(log)
}
