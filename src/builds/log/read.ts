import { stripVTControlCharacters } from 'node:util'
import type { Cluster } from '../../kubernetes/cluster.ts'
import type { Container, Pod } from '../../kubernetes/resources.ts'
import { redact, redactLong } from '../../secret.ts'
import type { Build } from '../build.ts'
import { type BuildErrorClass, buildErrors } from './classes.ts'
import { classifyBuildLog } from './classify.ts'
import { findBuildPods, readContainerLog, type TellingContainer, tellingContainer } from './pod-log.ts'

/** How one build went, by its newest pod and that pod's log. */
export interface BuildReading {
  readonly pod?: string
  /** The container whose log was read. */
  readonly container?: string
  /** The last lines, redacted, without colours. */
  readonly tail: readonly string[]
  /** Why its pod does not start: `Unschedulable`, or what a container waits for. `image`: of that container. */
  readonly waits?: { readonly reason: string; readonly message: string; readonly image?: string }
  /** What Kubernetes says of the container that failed: `OOMKilled, exit code 137, memory limit 512Mi`. */
  readonly state?: string
  /** Its pods, and with them its log, are gone. */
  readonly gone?: boolean
  /** Names that the log says it pushes. */
  readonly pushes?: readonly string[]
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

type ErrorRead = NonNullable<BuildReading['error']>

const log = { tailLines: 400, limitBytes: 64 * 1024 } as const
/** Characters of a line that are shown. Lines are classed before they are cut. */
const lineShown = 400
const tailShown = 20

/** Reads a build's newest pod. A CronJob itself has none. Throws ClusterError. */
export async function readBuild(cluster: Cluster, build: Build, signal?: AbortSignal): Promise<BuildReading> {
  if (build.kind === 'CronJob') return { tail: [] }
  const [pod] = await findBuildPods(cluster, build, signal)
  if (!pod) return { tail: [], gone: true, ...withError(errorOfReason(build.reason)) }
  const waits = build.state === 'running' || build.state === 'pending' ? waitOf(pod) : undefined
  const telling = tellingContainer(pod, build.containers)
  if (waits && !telling?.ended) return { pod: pod.metadata.name, tail: [], waits }
  const text = telling && (await readContainerLog(cluster, pod, telling, log, signal))
  const lines = await toLogLines(text ?? '')
  const isOver = build.state === 'failed' || build.failures > 0 || telling?.ended !== undefined
  const error = isOver ? errorOf(pod, telling, lines, build) : undefined
  const state = telling?.ended && stateOf(pod, telling)
  const pushes = pushedNames(lines)
  return {
    pod: pod.metadata.name,
    ...(telling && { container: telling.name }),
    tail: lines.slice(-tailShown).map(shown),
    ...(state && { state }),
    ...(pushes.length > 0 && { pushes }),
    ...withError(error),
  }
}

function withError(error: ErrorRead | undefined): Pick<BuildReading, 'error'> {
  return error ? { error } : {}
}

/** Why a build failed: by Kubernetes' own words where they decide, else by its log. */
function errorOf(
  pod: Pod,
  telling: TellingContainer | undefined,
  lines: readonly string[],
  build: Build,
): ErrorRead | undefined {
  const reason = telling?.ended?.reason || pod.status.reason
  const byState = errorOfReason(reason) ?? errorOfReason(pod.status.reason, pod.status.message)
  const byLog = readBuildLog(lines, telling?.ended?.reason)
  const own = byState ?? byLog ?? (telling?.ended?.exitCode === 137 ? errorOf137() : undefined)
  if (telling?.prepares && own && !['memory', 'disk-full', 'evicted', 'deadline'].includes(own.class))
    return asContext(own)
  return own ?? errorOfReason(build.reason)
}

/** What fails before the build, in a container that fetches its source. */
function asContext(error: ErrorRead): ErrorRead {
  const { class: name, ...words } = error
  if (name === 'context') return error
  const unreachable = name === 'dependencies-unreachable' || name === 'base-unreachable'
  return {
    ...words,
    class: 'context',
    title: buildErrors.context.title,
    means: buildErrors.context.means,
    willRepeat: !unreachable,
  }
}

function errorOf137(): ErrorRead {
  return {
    ...describe('memory'),
    title: 'it was killed (exit code 137)',
    means: 'Most often its memory limit is too low: compare the limit with what it uses.',
  }
}

/**
 * Reads the lines of a build's log. `reason`: the container's, such as OOMKilled, which decides before the log does.
 * undefined: nothing tells an error.
 */
export function readBuildLog(lines: readonly string[], reason?: string): ErrorRead | undefined {
  const byReason = errorOfReason(reason, lines.slice(-5).join(' '))
  const found = classifyBuildLog(lines)
  if (byReason) return found?.class === byReason.class ? { ...byReason, line: shown(found.line) } : byReason
  if (!found) return undefined
  const { line, pushTimedOut = false, ...words } = found
  return { ...words, pushTimedOut, line: shown(line) }
}

/** Whole lines of a log, without colours, redacted. */
export async function toLogLines(text: string): Promise<readonly string[]> {
  const redacted = await redactLong(stripVTControlCharacters(text))
  return redacted
    .split(/\r?\n|\r/)
    .map((line) => line.trim())
    .filter(Boolean)
}

function shown(line: string): string {
  return line.length > lineShown ? `${line.slice(0, lineShown / 2)} … ${line.slice(-lineShown / 2)}` : line
}

/** What every pod waits for at first. */
const beginning: ReadonlySet<string> = new Set(['', 'ContainerCreating', 'PodInitializing', 'CrashLoopBackOff'])

function waitOf({ status }: Pod): BuildReading['waits'] {
  const scheduled = status.conditions.find(({ type }) => type === 'PodScheduled')
  if (scheduled?.status === 'False') return { reason: scheduled.reason, message: scheduled.message }
  const [first] = [...status.initContainerStatuses, ...status.containerStatuses].flatMap(({ image, state }) =>
    state.waiting && !beginning.has(state.waiting.reason) ? [{ ...state.waiting, image }] : [],
  )
  return first
}

const classOfReason: Readonly<Record<string, BuildErrorClass>> = {
  OOMKilled: 'memory',
  Evicted: 'evicted',
  DeadlineExceeded: 'deadline',
}

function errorOfReason(reason: string | undefined, message = ''): ErrorRead | undefined {
  const name = reason && Object.hasOwn(classOfReason, reason) ? classOfReason[reason] : undefined
  if (!name) return undefined
  // The kubelet evicts a pod for its own limit, or because the node runs out: only the first comes back for sure.
  if (name === 'evicted' && /exceeds the (?:total |local )?limit|total limit of containers/i.test(message))
    return {
      ...describe('disk-full'),
      means: 'The build used more ephemeral storage than its own limit: raise that limit.',
      willRepeat: true,
    }
  return describe(name)
}

function describe(name: BuildErrorClass): ErrorRead {
  const { pushTimedOut = false, ...words } = buildErrors[name]
  return { class: name, ...words, pushTimedOut }
}

/** `OOMKilled, exit code 137, memory limit 512Mi`; of an evicted pod the kubelet's sentence. */
function stateOf({ spec, status }: Pod, { name, ended }: TellingContainer): string {
  const container = [...spec.containers, ...spec.initContainers].find((it) => it.name === name)
  const exit = ended?.exitCode ?? 0
  const limit = exit === 137 ? memoryLimit(container) : undefined
  const parts = [
    ended?.reason || status.reason,
    `exit code ${exit}`,
    limit && `memory limit ${limit}`,
    redact(status.message),
  ]
  return shown(parts.filter(Boolean).join(', '))
}

function memoryLimit(container: Container | undefined): string | undefined {
  const limit = container?.resources.limits.memory
  return limit === undefined ? undefined : String(limit)
}

// Kaniko, docker, BuildKit, Buildah, Jib.
const pushing = [
  /checking push permission for "([^"\s]{1,500})"/,
  /Pushing image to (\S{1,500})/,
  /The push refers to repository \[([^\]\s]{1,500})\]/,
  /pushing manifest for (\S{1,400}?)@sha256/,
  /\bnaming to (\S{1,500})/,
  /failed to push(?: to destination)? "?([^\s":]{1,250}(?::[\w.-]{1,128})?)/,
] as const
const namesKept = 10

/** The names that a log says are pushed: the specification may leave them to the run. */
export function pushedNames(lines: readonly string[]): readonly string[] {
  const names = lines.flatMap((line) =>
    pushing.flatMap((says) => says.exec(line.slice(0, 4_096))?.[1]?.replace(/[:,]$/, '') ?? []),
  )
  return [...new Set(names)].slice(0, namesKept)
}
