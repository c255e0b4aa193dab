import type { Container, Pod } from '../../../kubernetes/resources.ts'
import { timestamp } from '../../clock.ts'
import { jsonObject } from '../api/store.ts'
import { recordEvent, typedObject } from '../objects.ts'
import { type ContainerPlace, type ContainerRecord, containerRecord, keepRunning } from './containers.ts'
import type { NodeContext } from './node.ts'
import { podStatus } from './pod-status.ts'

export interface PodWorker {
  /** Ends its containers, and then the pod itself. */
  end(): void
  /** Stops at once, because the pod is gone or the cluster stops. */
  stop(): void
}

type List = 'containers' | 'initContainers'

/** Runs one pod on a node and updates its status. `podIp`: the pod's address. */
export function podWorker(node: NodeContext, pod: Pod, podIp: string): PodWorker {
  const { metadata, spec } = pod
  const living = new AbortController()
  const gone = new AbortController()
  const startTime = timestamp(node.clock.now())
  const waiting = spec.initContainers.length > 0 ? 'PodInitializing' : 'ContainerCreating'
  const inits = spec.initContainers.map(({ name, image }) => containerRecord(name, true, image, waiting))
  const mains = spec.containers.map(({ name, image }) => containerRecord(name, false, image, waiting))
  let address = ''

  function publish(): void {
    if (gone.signal.aborted) return
    node.store.update('pods', metadata, (object) => {
      if (object.metadata.uid !== metadata.uid) return object
      const facts = { records: [...inits, ...mains], podIp: address, startTime }
      return { ...object, status: podStatus(jsonObject(object.status), pod, facts, node.clock.now()) }
    })
  }

  function run(record: ContainerRecord, list: List, original: Container): Promise<void> {
    const fieldPath = `spec.${list}{${record.name}}`
    const container = () => containerNow(node, pod, list, record.name) ?? original
    const place: ContainerPlace = { pod, podIp, record, publish, fieldPath, container }
    return keepRunning(node, place, living.signal)
  }

  async function live(): Promise<void> {
    publish()
    await node.clock.sleep(node.timing.sandbox, living.signal)
    address = podIp
    publish()
    for (const [record, container] of pairs(inits, spec.initContainers)) await run(record, 'initContainers', container)
    if (!inits.every(({ state }) => jsonObject(state.terminated).exitCode === 0)) return
    await Promise.all(pairs(mains, spec.containers).map(([record, container]) => run(record, 'containers', container)))
  }

  async function die(): Promise<void> {
    for (const { name } of mains.filter(({ state }) => 'running' in state)) tellKilling(node, pod, name)
    living.abort()
    await node.clock.sleep(node.timing.termination, gone.signal)
    if (node.store.get('pods', metadata)?.metadata.uid === metadata.uid) node.store.remove('pods', metadata)
    stop()
  }

  function stop(): void {
    living.abort()
    gone.abort()
    forget(node, pod)
  }

  live().catch(unlessAborted(living.signal))
  return { stop, end: () => void die().catch(unlessAborted(gone.signal)) }
}

function pairs(
  records: readonly ContainerRecord[],
  containers: readonly Container[],
): readonly (readonly [ContainerRecord, Container])[] {
  return records.flatMap((record, at) => {
    const container = containers[at]
    return container ? [[record, container] as const] : []
  })
}

/** Returns the current spec of a container, whose image may change. */
function containerNow({ store }: NodeContext, { metadata }: Pod, list: List, name: string): Container | undefined {
  const object = store.get('pods', metadata)
  return object && typedObject('pods', object)?.spec[list].find((it) => it.name === name)
}

function tellKilling(node: NodeContext, { metadata }: Pod, name: string): void {
  const said = { type: 'Normal', reason: 'Killing', message: `Stopping container ${name}` } as const
  const by = { component: 'kubelet', host: node.node, fieldPath: `spec.containers{${name}}` }
  recordEvent(node, { kind: 'Pod', metadata }, { ...said, ...by })
}

/** Forgets the back-offs and logs of a pod. */
function forget({ imageBackoff, lastFailures, logs }: NodeContext, { metadata: { namespace, name, uid } }: Pod): void {
  imageBackoff.forget(uid)
  for (const key of lastFailures.keys()) if (key.startsWith(uid)) lastFailures.delete(key)
  for (const key of logs.keys()) if (key.startsWith(`${namespace}/${name}/`)) logs.delete(key)
}

/** Ignores errors after an abort. Other errors are defects. */
function unlessAborted(signal: AbortSignal): (error: unknown) => void {
  return (error) => {
    if (!signal.aborted) throw error
  }
}
