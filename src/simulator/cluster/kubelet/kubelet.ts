import type { Pod, Resource } from '../../../kubernetes/resources.ts'
import { timestamp } from '../../clock.ts'
import { jsonObject, jsonObjects } from '../api/store.ts'
import { withCondition } from '../controllers/controller.ts'
import { onChanges, typedObjects } from '../objects.ts'
import type { NodeContext } from './node.ts'
import { type PodWorker, podWorker } from './pod-worker.ts'

/** Runs the pods of one node. `subnet`: the pods' subnet, such as `10.42.3`. Returns the function that stops it. */
export function runKubelet(node: NodeContext, subnet: string): () => void {
  const workers = new Map<string, PodWorker>()
  const ending = new Set<string>()
  let count = 0

  function look(): void {
    const pods = typedObjects(node.store, 'pods').filter(({ spec }) => spec.nodeName === node.node)
    for (const pod of pods) attend(pod)
    const known = new Set(pods.map(({ metadata }) => metadata.uid))
    for (const [uid, worker] of workers) if (!known.has(uid)) drop(uid, worker)
  }

  function attend(pod: Pod): void {
    const { uid, deletionTimestamp } = pod.metadata
    const worker = workers.get(uid)
    if (!worker && !deletionTimestamp) workers.set(uid, podWorker(node, pod, `${subnet}.${2 + (count++ % 250)}`))
    if (!worker || !deletionTimestamp || ending.has(uid)) return
    ending.add(uid)
    worker.end()
  }

  function drop(uid: string, worker: PodWorker): void {
    worker.stop()
    workers.delete(uid)
    ending.delete(uid)
  }

  register(node)
  const rest = onChanges(node.store, ({ resource }) => resource === 'pods', look)
  return () => {
    rest()
    for (const worker of workers.values()) worker.stop()
  }
}

type NodeObject = Resource<'nodes'>

/** Registers the node. */
function register({ store, clock, node, puller }: NodeContext): void {
  const now = clock.now()
  const heard = { lastHeartbeatTime: timestamp(now) }
  const ready = {
    type: 'Ready',
    status: 'True',
    reason: 'KubeletReady',
    message: 'kubelet is posting ready status',
  } as const
  const nodeInfo: NodeObject['status']['nodeInfo'] = {
    architecture: puller.architecture,
    operatingSystem: 'linux',
    containerRuntimeVersion: 'containerd://2.1.9',
    kubeletVersion: 'v1.36.3',
  }
  store.update('nodes', { name: node }, (object) => {
    const status = jsonObject(object.status)
    const conditions = withCondition(jsonObjects(status.conditions), ready, now).map((it) => ({ ...it, ...heard }))
    return { ...object, status: { images: [], ...status, conditions, nodeInfo } }
  })
}
