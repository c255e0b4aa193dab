import type { Pod, Resource } from '../../../kubernetes/resources.ts'
import { type JsonObject, jsonObject, jsonObjects } from '../api/store.ts'
import { type Live, recordEvent, typedObjects } from '../objects.ts'
import { withCondition } from './controller.ts'

type Node = Resource<'nodes'>

/** Assigns each pod to a suitable node with the fewest pods of the same owner, then the fewest pods. */
export function scheduler(live: Live): undefined {
  for (const pod of typedObjects(live.store, 'pods'))
    if (!pod.spec.nodeName && !pod.metadata.deletionTimestamp) schedule(live, pod)
}

function schedule(live: Live, pod: Pod): void {
  const nodes = typedObjects(live.store, 'nodes')
  const spec = jsonObject(live.store.get('pods', pod.metadata)?.spec)
  const refusals = nodes.map((node) => ({ node, why: refusal(live, node, spec) }))
  const [best] = refusals
    .filter(({ why }) => why === undefined)
    .map(({ node }) => ({ name: node.metadata.name, load: loadOf(live, node, pod) }))
    .toSorted((a, b) => a.load.own - b.load.own || a.load.all - b.load.all)
  if (best) bind(live, pod, best.name)
  else
    refuse(
      live,
      pod,
      refusals.flatMap(({ why }) => why ?? []),
    )
}

/** Returns the scheduler's reason against a node. undefined: the node is suitable. */
function refusal({ store }: Live, node: Node, spec: JsonObject): string | undefined {
  if (node.spec.unschedulable) return 'node(s) were unschedulable'
  const wanted = Object.entries(jsonObject(spec.nodeSelector))
  if (!wanted.every(([key, value]) => node.metadata.labels[key] === value))
    return "node(s) didn't match Pod's node affinity/selector"
  const taints = jsonObjects(jsonObject(store.get('nodes', node.metadata)?.spec).taints)
  const tolerated = jsonObjects(spec.tolerations)
  const all = taints.every((taint) => tolerated.some((it) => tolerates(it, taint)))
  return all ? undefined : 'node(s) had untolerated taint(s)'
}

function tolerates({ key, operator = 'Equal', value }: JsonObject, taint: JsonObject): boolean {
  return (key === undefined || key === taint.key) && (operator === 'Exists' || value === taint.value)
}

function loadOf({ store }: Live, { metadata }: Node, pod: Pod): { readonly own: number; readonly all: number } {
  const there = typedObjects(store, 'pods').filter(({ spec }) => spec.nodeName === metadata.name)
  const app = pod.metadata.labels.app
  const own = there.filter((it) => it.metadata.namespace === pod.metadata.namespace && it.metadata.labels.app === app)
  return { own: own.length, all: there.length }
}

function bind(live: Live, { metadata }: Pod, nodeName: string): void {
  const scheduled = { type: 'PodScheduled', status: 'True' } as const
  live.store.update('pods', metadata, (object) => {
    const status = jsonObject(object.status)
    const conditions = withCondition(jsonObjects(status.conditions), scheduled, live.clock.now())
    return { ...object, spec: { ...jsonObject(object.spec), nodeName }, status: { ...status, conditions } }
  })
  const message = `Successfully assigned ${metadata.namespace}/${metadata.name} to ${nodeName}`
  tell(live, metadata, { type: 'Normal', reason: 'Scheduled', message })
}

function refuse(live: Live, { metadata, status }: Pod, whys: readonly string[]): void {
  const counts = [...new Set(whys)].toSorted().map((why) => `${whys.filter((it) => it === why).length} ${why}`)
  const of = `0/${whys.length} nodes are available`
  const preemption = `${of}: ${whys.length} Preemption is not helpful for scheduling.`
  const message = `${of}: ${counts.join(', ')}. no new claims to deallocate, preemption: ${preemption}`
  if (status.conditions.some((it) => it.type === 'PodScheduled' && it.message === message)) return
  const unscheduled = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message } as const
  live.store.update('pods', metadata, (object) => {
    const before = jsonObject(object.status)
    const conditions = withCondition(jsonObjects(before.conditions), unscheduled, live.clock.now())
    return { ...object, status: { ...before, conditions } }
  })
  tell(live, metadata, { type: 'Warning', reason: 'FailedScheduling', message })
}

function tell(
  live: Live,
  metadata: Pod['metadata'],
  said: { readonly type: 'Normal' | 'Warning'; readonly reason: string; readonly message: string },
): void {
  recordEvent(live, { kind: 'Pod', metadata }, { ...said, component: 'default-scheduler' })
}
