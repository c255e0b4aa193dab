import type { Resource } from '../../../kubernetes/resources.ts'
import { admitObject } from '../api/admit-object.ts'
import { jsonObject } from '../api/json-object.ts'
import type { Live } from '../live.ts'
import { typedObject, typedObjects } from '../typed-objects.ts'
import { deploymentStatus } from './deployment-status.ts'
import { controllerReference, isControlledBy } from './ownership.ts'
import { replicasOf } from './rollout.ts'
import { templateHash } from './template-hash.ts'

type Deployment = Resource<'deployments'>
type ReplicaSet = Resource<'replicasets'>

/** Replaces pods by those of a newer template, a few at a time, so that enough always serve. */
export function deployments(live: Live): number | undefined {
  const alive = typedObjects(live.store, 'deployments').filter(({ metadata }) => !metadata.deletionTimestamp)
  const wishes = alive.flatMap((deployment) => reconcile(live, deployment) ?? [])
  return wishes.length > 0 ? Math.min(...wishes) : undefined
}

function reconcile(live: Live, deployment: Deployment): number | undefined {
  const { store } = live
  const current = currentSet(live, deployment)
  if (!current) return undefined
  const old = setsOf(live, deployment).filter(({ metadata }) => metadata.uid !== current.metadata.uid)
  for (const [set, replicas] of replicasOf(deployment, store.get('deployments', deployment.metadata), current, old))
    scale(live, set, replicas)
  return deploymentStatus(live, deployment, current, setsOf(live, deployment))
}

/** The oldest first. */
function setsOf({ store }: Live, { metadata }: Deployment): readonly ReplicaSet[] {
  return typedObjects(store, 'replicasets', metadata.namespace)
    .filter((set) => isControlledBy(set, metadata.uid))
    .toSorted((a, b) => revisionOf(a) - revisionOf(b))
}

// https://kubernetes.io/docs/reference/labels-annotations-taints/#deployment-kubernetes-io-revision
const revision = 'deployment.kubernetes.io/revision'

function revisionOf({ metadata }: ReplicaSet): number {
  return Number(metadata.annotations[revision] ?? 0)
}

/** The ReplicaSet of the template as it is now, with the highest revision; made where there is none. */
function currentSet(live: Live, deployment: Deployment): ReplicaSet | undefined {
  const { store } = live
  const template = jsonObject(jsonObject(store.get('deployments', deployment.metadata)?.spec).template)
  const name = `${deployment.metadata.name}-${templateHash(template)}`
  const place = { namespace: deployment.metadata.namespace, name }
  const highest = Math.max(0, ...setsOf(live, deployment).map(revisionOf))
  const known = store.get('replicasets', place)
  if (!known) make(live, deployment, name, template)
  const object = store.get('replicasets', place)
  const set = object && typedObject('replicasets', object)
  if (!set || (revisionOf(set) === highest && highest > 0)) return set
  const annotations = { [revision]: String(highest + 1) }
  const renumbered = store.update('replicasets', place, (it) => annotated(it, annotations))
  store.update('deployments', deployment.metadata, (it) => annotated(it, annotations))
  return renumbered && typedObject('replicasets', renumbered)
}

function annotated<Kind extends { readonly metadata: object }>(object: Kind, annotations: object): Kind {
  const before = jsonObject(jsonObject(object.metadata).annotations)
  return { ...object, metadata: { ...object.metadata, annotations: { ...before, ...annotations } } }
}

function make(
  live: Live,
  { metadata, spec }: Deployment,
  name: string,
  template: Readonly<Record<string, unknown>>,
): void {
  const hash = { 'pod-template-hash': name.slice(metadata.name.length + 1) }
  const own = jsonObject(template.metadata)
  const labels = { ...jsonObject(own.labels), ...hash }
  const matchLabels = { ...jsonObject(jsonObject(spec.selector).matchLabels), ...hash }
  const manifest = {
    kind: 'ReplicaSet',
    metadata: { name, labels, ownerReferences: [controllerReference('deployments', 'Deployment', metadata)] },
    spec: { replicas: 0, selector: { matchLabels }, template: { ...template, metadata: { ...own, labels } } },
  }
  const by = { namespace: metadata.namespace, manager: 'kube-controller-manager' }
  live.store.put('replicasets', admitObject(live, 'replicasets', manifest, by))
}

function scale({ store }: Live, { metadata, spec }: ReplicaSet, replicas: number): void {
  if (spec.replicas === replicas) return
  store.update('replicasets', metadata, (object) => ({
    ...object,
    metadata: { ...object.metadata, generation: (metadata.generation ?? 1) + 1 },
    spec: { ...jsonObject(object.spec), replicas },
  }))
}
