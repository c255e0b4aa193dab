import { stripVTControlCharacters } from 'node:util'
import type { Cluster } from '../kubernetes/cluster.ts'
import type { Pod } from '../kubernetes/resources.ts'
import { redact } from '../secret.ts'
import type { Build } from './build.ts'
import { type BuildError, buildErrors, podErrors } from './build-errors.ts'

/** How one build went, by its newest pod and that pod's log. */
export interface BuildReading {
  readonly pod?: string
  /** The last lines, redacted, without colours. */
  readonly tail: readonly string[]
  /** Why its pod does not start: `Unschedulable`, or what a container waits for. `image`: of that container. */
  readonly waits?: { readonly reason: string; readonly message: string; readonly image?: string }
  readonly error?: {
    readonly class: string
    readonly title: string
    readonly means: string
    /** The line that decides. Absent: the pod's own state does. */
    readonly line?: string
    readonly willRepeat: boolean
    readonly pushTimedOut: boolean
  }
}

const log = { tailLines: 200, limitBytes: 64 * 1024 } as const
const lineLimit = 400
const tailShown = 20

/** Reads a Job's newest pod. A CronJob itself has none. */
export async function readBuild(cluster: Cluster, build: Build, signal?: AbortSignal): Promise<BuildReading> {
  if (build.kind !== 'Job') return { tail: [] }
  const { namespace, name } = build
  const pods = await cluster.list('pods', { namespace, labels: { 'batch.kubernetes.io/job-name': name } }, signal)
  const [pod] = pods.items.toSorted((a, b) => b.metadata.creationTimestamp.localeCompare(a.metadata.creationTimestamp))
  if (!pod) return withError([], errorOfReason(build.reason))
  const waits = build.state === 'running' ? waitOf(pod) : undefined
  if (waits) return { pod: pod.metadata.name, tail: [], waits }
  const container = pod.spec.containers[0]?.name
  const text = await cluster.logs(
    { namespace, pod: pod.metadata.name, ...(container && { container }), ...log },
    signal,
  )
  const lines = linesOf(text ?? '')
  const error = errorOfReason(reasonOf(pod)) ?? classifyBuildLog(lines) ?? errorOfReason(build.reason)
  const isOver = build.state === 'failed' || (build.state === 'pending' && build.failures > 0)
  return { pod: pod.metadata.name, ...withError(lines.slice(-tailShown), isOver ? error : undefined) }
}

/** What every pod waits for at first. */
const beginning: ReadonlySet<string> = new Set(['', 'ContainerCreating', 'PodInitializing'])

function waitOf({ status }: Pod): BuildReading['waits'] {
  const scheduled = status.conditions.find(({ type }) => type === 'PodScheduled')
  if (scheduled?.status === 'False') return { reason: scheduled.reason, message: scheduled.message }
  const [first] = [...status.initContainerStatuses, ...status.containerStatuses].flatMap(({ image, state }) =>
    state.waiting && !beginning.has(state.waiting.reason) ? [{ ...state.waiting, image }] : [],
  )
  return first
}

/** The decisive line and what it means: the most specific error of the last lines that tell one. */
export function classifyBuildLog(lines: readonly string[]): BuildReading['error'] | undefined {
  const last = lastError(lines, ({ refines }) => refines === undefined)
  const finer = last && lastError(lines, ({ refines }) => refines === last.error.class)
  const told = finer ?? last ?? lastError(lines, () => true)
  return told && describe(told.error, told.line)
}

function lastError(
  lines: readonly string[],
  among: (error: BuildError) => boolean,
): { readonly error: BuildError; readonly line: string } | undefined {
  const known = buildErrors.filter(among)
  for (const line of lines.toReversed()) {
    const error = known.find(({ says }) => says.some((pattern) => pattern.test(line)))
    if (error) return { error, line }
  }
  return undefined
}

function withError(tail: readonly string[], error: BuildReading['error']): BuildReading {
  return { tail, ...(error && { error }) }
}

function describe(
  error: Omit<BuildError, 'says' | 'example' | 'refines'>,
  line?: string,
): NonNullable<BuildReading['error']> {
  return {
    class: error.class,
    title: error.title,
    means: error.means,
    willRepeat: error.willRepeat,
    pushTimedOut: error.pushTimedOut ?? false,
    ...(line && { line }),
  }
}

function errorOfReason(reason: string | undefined): BuildReading['error'] | undefined {
  const error = reason && Object.hasOwn(podErrors, reason) ? podErrors[reason] : undefined
  return error && describe(error)
}

function reasonOf({ status }: Pod): string | undefined {
  const ended = status.containerStatuses
    .map(({ state }) => state.terminated?.reason)
    .find((reason) => reason && Object.hasOwn(podErrors, reason))
  return ended ?? (status.reason || undefined)
}

function linesOf(text: string): readonly string[] {
  return redact(stripVTControlCharacters(text))
    .split('\n')
    .map((line) => line.trim().slice(0, lineLimit))
    .filter(Boolean)
}
