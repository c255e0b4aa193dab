import type { Container, ContainerStatus, Pod, PodEvent } from '../../kubernetes/resources.ts'
import { type Reading, read } from '../../messages/read.ts'
import { type Kind, kinds } from '../../messages/row.ts'
import { redact } from '../../secret.ts'
import type { ContainerPull, Said } from './inputs.ts'

type Role = ContainerPull['role']

// The kubelet's own reasons: pkg/kubelet/images/types.go, and cri-api's errors. A pull secret that does not decode makes
// its error's text the reason, so this list is not the whole of it: see `isFailing`.
const pullReasons: ReadonlySet<string> = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
])
const startReasons: ReadonlySet<string> = new Set(['', 'ContainerCreating', 'PodInitializing'])
// What says nothing about the failure itself, so that earlier words may say more.
const vague: ReadonlySet<Kind | undefined> = new Set<Kind | undefined>([
  undefined,
  'backoff-only',
  'kubelet-throttled',
  'not-image-pull',
])
const messageLimit = 2_000

/** From status and events of one pod: every container, in the order they start. */
export function readPulls(pod: Pod, events: readonly PodEvent[], now: Date): readonly ContainerPull[] {
  const { spec, status } = pod
  const of = (role: Role, containers: readonly Container[], statuses: readonly ContainerStatus[]): ContainerPull[] =>
    containers.map((container) =>
      readPull({ pod, container, role, status: statuses.find((it) => it.name === container.name), events, now }),
    )
  return [
    ...of('init', spec.initContainers, status.initContainerStatuses),
    ...of('container', spec.containers, status.containerStatuses),
    ...of('ephemeral', spec.ephemeralContainers, status.ephemeralContainerStatuses),
  ]
}

interface Subject {
  readonly pod: Pod
  readonly container: Container
  readonly role: Role
  readonly status: ContainerStatus | undefined
  readonly events: readonly PodEvent[]
  readonly now: Date
}

function readPull(subject: Subject): ContainerPull {
  const { container, role, status } = subject
  const own = eventsOf(subject)
  const waiting = status?.state.waiting
  const spoken = wordsOf(subject, own)
  const told = tellingMost(spoken)
  const state = stateOf(subject, spoken[0], own)
  const volume = told && volumeNamed(subject, told.reading)
  const lastFailure = timeOf(own.findLast((event) => event.reason === 'Failed' || event.reason === 'BackOff'))
  const pullingSince = state === 'pulling' ? timeOf(own.findLast((event) => event.reason === 'Pulling')) : undefined
  return {
    container: container.name,
    role,
    image: volume?.image?.reference ?? container.image,
    ...(volume && { volume: volume.name }),
    policy: container.imagePullPolicy,
    state,
    waitingReason: waiting?.reason ?? '',
    ...(told && { said: told }),
    kinds: state === 'failing' ? kindsOf(told, spoken) : [],
    ...(pullingSince && { pullingSince, pullingFor: secondsSince(pullingSince, subject.now) }),
    ...(lastFailure && { lastFailure }),
    secretsNotFound: secretsNotFound(subject.events),
  }
}

/** The events about this container, the oldest first. A pause image that cannot be pulled is every container's. */
function eventsOf({ container, events }: Subject): readonly PodEvent[] {
  const field = `{${container.name}}`
  const about = events.filter((event) =>
    event.involvedObject.fieldPath
      ? event.involvedObject.fieldPath.endsWith(field)
      : event.reason === 'FailedCreatePodSandBox',
  )
  return about.toSorted((a, b) => (timeOf(a) ?? '').localeCompare(timeOf(b) ?? ''))
}

/** The status speaks first: it is of now. Then failures in events, the newest first. */
function wordsOf({ status }: Subject, own: readonly PodEvent[]): readonly Said[] {
  const waiting = status?.state.waiting
  const now =
    waiting && (waiting.message || !startReasons.has(waiting.reason))
      ? [say('status', waiting.message, waiting.reason)]
      : []
  const earlier = own
    .filter((event) => event.type === 'Warning' || event.reason === 'BackOff')
    .map((event) => say('event', event.message))
  return [...now, ...earlier.toReversed()]
}

function say(by: Said['by'], message: string, reason?: string): Said {
  return { by, message: redact(message.slice(0, messageLimit)), reading: read(message, reason) }
}

function tellingMost(spoken: readonly Said[]): Said | undefined {
  const [first] = spoken
  if (!first || !vague.has(first.reading.kind)) return first
  if (first.reading.kind === 'not-image-pull' && first.by === 'status') return first
  return spoken.find((said) => !vague.has(said.reading.kind)) ?? first
}

/** A retry that the kubelet throttled never hides an earlier failure, and stays a cause beside it. */
function kindsOf(told: Said | undefined, spoken: readonly Said[]): readonly Kind[] {
  const named = told?.reading.clauses.map((clause) => clause.kind) ?? []
  const throttled = spoken[0]?.reading.kind === 'kubelet-throttled' ? (['kubelet-throttled'] as const) : []
  const all: readonly (Kind | undefined)[] = [told?.reading.kind, ...named, ...throttled]
  return [...new Set(all)].filter((kind) => kind !== undefined).filter((kind) => kinds[kind].at !== 'nowhere')
}

function stateOf({ status }: Subject, newest: Said | undefined, own: readonly PodEvent[]): ContainerPull['state'] {
  const waiting = status?.state.waiting
  if (status && !waiting) return hasCrashed(status) ? 'crashing' : 'pulled'
  const reason = waiting?.reason ?? ''
  if (pullReasons.has(reason)) return 'failing'
  if (status && crashReasons.has(reason)) return 'crashing'
  if (!startReasons.has(reason)) return isPullKind(newest?.reading.kind) ? 'failing' : 'pulled'
  const last = own.findLast((event) => turningPoints.has(event.reason))
  if (last?.reason === 'Pulling') return 'pulling'
  if (last?.reason === 'Pulled') return 'pulled'
  return last && isPullKind(read(last.message).kind) ? 'failing' : 'waiting'
}

const turningPoints: ReadonlySet<string> = new Set(['Pulling', 'Pulled', 'Failed', 'BackOff', 'FailedCreatePodSandBox'])
const crashReasons: ReadonlySet<string> = new Set(['CrashLoopBackOff', 'RunContainerError'])

function hasCrashed({ state, lastState, ready }: ContainerStatus): boolean {
  const ended = state.terminated ?? (ready ? undefined : lastState.terminated)
  return ended !== undefined && ended.exitCode !== 0
}

function isPullKind(kind: Kind | undefined): boolean {
  return kind !== undefined && kind !== 'not-image-pull'
}

/** With an image volume the container waits, but the words name the volume's image. */
function volumeNamed({ pod, container }: Subject, reading: Reading): Pod['spec']['volumes'][number] | undefined {
  if (!reading.image || reading.image === container.image) return undefined
  return pod.spec.volumes.find((volume) => volume.image?.reference === reading.image)
}

function secondsSince(time: string, now: Date): number {
  return Math.max(0, Math.round((now.getTime() - Date.parse(time)) / 1_000))
}

function secretsNotFound(events: readonly PodEvent[]): readonly string[] {
  const said = events.filter((event) => event.reason === 'FailedToRetrieveImagePullSecret')
  return [...new Set(said.flatMap((event) => read(event.message).secrets ?? []))]
}

/** When it last happened: RFC 3339, in UTC. Old and new event APIs keep it in different fields. */
export function timeOf(event: PodEvent | undefined): string | undefined {
  return (
    event?.lastTimestamp ??
    event?.eventTime ??
    event?.firstTimestamp ??
    (event?.metadata.creationTimestamp || undefined)
  )
}
