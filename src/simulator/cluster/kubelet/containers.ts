import type { Container, Pod } from '../../../kubernetes/resources.ts'
import { timestamp } from '../../clock.ts'
import type { JsonObject } from '../api/store.ts'
import { recordEvent } from '../objects.ts'
import { type Ensured, ensureImage } from './ensure-image.ts'
import type { NodeContext } from './node.ts'
import { chooseProgram } from './programs.ts'
import { goDuration } from './registry-client.ts'

/** A container of a pod, and its place in the pod's status. */
export interface ContainerPlace {
  readonly pod: Pod
  readonly podIp: string
  readonly record: ContainerRecord
  /** `spec.containers{main}`. */
  readonly fieldPath: string
  /** Returns the container's current spec, because its image may change. */
  container(): Container
  /** Writes the pod's status. */
  publish(): void
}

/** Pulls a container's image and runs it, with restarts by the pod's policy. Throws if the signal is aborted. */
export async function keepRunning(node: NodeContext, place: ContainerPlace, signal: AbortSignal): Promise<void> {
  const { record, pod } = place
  for (let ends = 1; ; ends++) {
    const ensured = await obtainImage(node, place, signal)
    const exitCode = await runOnce(node, place, ensured, signal)
    const policy = pod.spec.restartPolicy
    if (policy === 'Never' || (exitCode === 0 && (policy === 'OnFailure' || record.init))) return
    await waitForRestart(node, place, ends, signal)
    record.restarts += 1
  }
}

type Present = Extract<Ensured, { image: unknown }>

async function obtainImage(node: NodeContext, place: ContainerPlace, signal: AbortSignal): Promise<Present> {
  const { pod, record, fieldPath } = place
  for (;;) {
    const ensured = await ensureImage(node, pod, place.container(), fieldPath, signal)
    signal.throwIfAborted()
    if ('image' in ensured) return ensured
    const { reason, message } = ensured
    record.state = { waiting: { reason, message } }
    place.publish()
    tell(node, place, 'Warning', 'Failed', `Error: ${reason}`)
    await node.clock.sleep(node.timing.sync, signal)
  }
}

/** Runs a container once. Returns its exit code. */
async function runOnce(
  node: NodeContext,
  place: ContainerPlace,
  { image, name }: Present,
  signal: AbortSignal,
): Promise<number> {
  const { record, pod, podIp } = place
  const container = place.container()
  const startedAt = timestamp(node.clock.now())
  record.image = name
  record.imageId = `${name.replace(/[:@][^/]*$/, '')}@${image.digest}`
  record.state = { running: { startedAt } }
  record.ready = container.readinessProbe === undefined
  tell(node, place, 'Normal', 'Created', 'Container created')
  tell(node, place, 'Normal', 'Started', 'Container started')
  place.publish()
  const ended = new AbortController()
  becomeReady(node, place, AbortSignal.any([signal, ended.signal]))
  const log = newLog(node, place)
  const exitCode = await chooseProgram({ container, image, node })({ node, pod, container, image, podIp, log, signal })
  ended.abort()
  signal.throwIfAborted() // it was stopped together with its pod
  record.ready = false
  const reason = exitCode === 0 ? 'Completed' : 'Error'
  record.state = { terminated: { exitCode, reason, startedAt, finishedAt: timestamp(node.clock.now()) } }
  place.publish()
  return exitCode
}

function becomeReady(node: NodeContext, { record, publish }: ContainerPlace, signal: AbortSignal): void {
  if (record.ready) return
  const passed = () => {
    record.ready = true
    publish()
  }
  node.clock.sleep(node.timing.readiness, signal).then(passed, () => undefined)
}

/** Starts a new log and keeps the old one as the previous log. */
function newLog({ logs }: NodeContext, { pod, record }: ContainerPlace): (line: string) => void {
  const key = `${pod.metadata.namespace}/${pod.metadata.name}/${record.name}`
  const before = logs.get(key)
  if (before !== undefined) logs.set(`${key} previous`, before)
  logs.set(key, '')
  return (line) => void logs.set(key, `${logs.get(key) ?? ''}${line}\n`)
}

/** Waits before a restart: not before the first one, then twice as long each time. */
async function waitForRestart(
  node: NodeContext,
  place: ContainerPlace,
  ends: number,
  signal: AbortSignal,
): Promise<void> {
  const { record, pod } = place
  record.lastState = record.state
  const { first, most } = node.timing.crashBackoff
  const wait = ends === 1 ? 0 : Math.min(most, first * 2 ** (ends - 2))
  const { name, namespace, uid } = pod.metadata
  if (wait > 0) {
    const message = `back-off ${goDuration(wait)} restarting failed container=${record.name} pod=${name}_${namespace}(${uid})`
    record.state = { waiting: { reason: 'CrashLoopBackOff', message } }
    tell(
      node,
      place,
      'Warning',
      'BackOff',
      `Back-off restarting failed container ${record.name} in pod ${name}_${namespace}(${uid})`,
    )
  }
  place.publish()
  await node.clock.sleep(wait || node.timing.sync, signal)
}

function tell(
  node: NodeContext,
  { pod, fieldPath }: ContainerPlace,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
): void {
  const said = { type, reason, message, component: 'kubelet', host: node.node, fieldPath }
  recordEvent(node, { kind: 'Pod', metadata: pod.metadata }, said)
}

/** The kubelet's mutable record of a container. */
export interface ContainerRecord {
  readonly name: string
  readonly init: boolean
  image: string
  imageId: string
  /** One of `waiting`, `running`, `terminated`. */
  state: JsonObject
  lastState: JsonObject
  ready: boolean
  restarts: number
}

export function containerRecord(name: string, init: boolean, image: string, reason: string): ContainerRecord {
  return { name, init, image, imageId: '', state: { waiting: { reason } }, lastState: {}, ready: false, restarts: 0 }
}
