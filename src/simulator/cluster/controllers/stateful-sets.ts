import type { Pod, Resource } from '../../../kubernetes/resources.ts'
import { type JsonObject, jsonObject } from '../api/store.ts'
import { admitObject } from '../api/writes/create.ts'
import { endPod } from '../api/writes/delete.ts'
import { type Live, typedObjects } from '../objects.ts'
import { controllerReference, isControlledBy, isPodReady, makePod } from './controller.ts'
import { templateHash } from './deployments.ts'

type StatefulSet = Resource<'statefulsets'>

/** Runs StatefulSets: creates pods with stable names one by one, each when the previous one is ready. */
export function statefulSets(live: Live): undefined {
  for (const set of typedObjects(live.store, 'statefulsets')) if (!set.metadata.deletionTimestamp) reconcile(live, set)
}

// https://kubernetes.io/docs/reference/labels-annotations-taints/#controller-revision-hash
const revisionLabel = 'controller-revision-hash'

function reconcile(live: Live, set: StatefulSet): void {
  const { namespace, uid } = set.metadata
  const template = jsonObject(jsonObject(live.store.get('statefulsets', set.metadata)?.spec).template)
  const revision = `${set.metadata.name}-${templateHash(template)}`
  keepRevision(live, set, revision, template)
  const own = typedObjects(live.store, 'pods', namespace).filter((pod) => isControlledBy(pod, uid))
  nextStep(live, set, own, { template, revision })
  writeStatus(live, set, revision)
}

/** Keeps a revision of the template for rollbacks. */
function keepRevision({ store, clock }: Live, { metadata }: StatefulSet, name: string, template: JsonObject): void {
  const known = typedObjects(store, 'controllerrevisions', metadata.namespace).filter((it) =>
    isControlledBy(it, metadata.uid),
  )
  if (known.some((it) => it.metadata.name === name)) return
  const manifest = {
    kind: 'ControllerRevision',
    metadata: {
      name,
      labels: jsonObject(jsonObject(template.metadata).labels),
      ownerReferences: [controllerReference('statefulsets', 'StatefulSet', metadata)],
    },
    data: { spec: { template: { ...template, $patch: 'replace' } } },
    revision: Math.max(0, ...known.map(({ revision }) => revision)) + 1,
  }
  const by = { namespace: metadata.namespace, manager: 'kube-controller-manager' }
  store.put('controllerrevisions', admitObject({ store, clock }, 'controllerrevisions', manifest, by))
}

interface Wanted {
  readonly template: JsonObject
  readonly revision: string
}

/** Takes one step: creates the first missing pod, or removes a surplus pod, or replaces an old pod. */
function nextStep(live: Live, set: StatefulSet, own: readonly Pod[], { template, revision }: Wanted): void {
  const replicas = set.spec.replicas ?? 1
  const byOrdinal = new Map(own.map((pod) => [Number(pod.metadata.name.slice(set.metadata.name.length + 1)), pod]))
  for (let ordinal = 0; ordinal < replicas; ordinal++) {
    const pod = byOrdinal.get(ordinal)
    const owner = { resource: 'statefulsets', kind: 'StatefulSet', metadata: set.metadata } as const
    const name = `${set.metadata.name}-${ordinal}`
    const labels = { [revisionLabel]: revision, 'statefulset.kubernetes.io/pod-name': name }
    if (!pod) makePod(live, { ...owner, component: 'statefulset-controller' }, template, { name, labels })
    if (!pod || !isPodReady(pod)) return
  }
  const ordinals = [...byOrdinal.keys()].toSorted((a, b) => b - a)
  const surplus = ordinals.find((ordinal) => ordinal >= replicas)
  const old = ordinals.find((ordinal) => byOrdinal.get(ordinal)?.metadata.labels[revisionLabel] !== revision)
  const leaving = byOrdinal.get(surplus ?? old ?? -1)
  const object = leaving && live.store.get('pods', leaving.metadata)
  if (object) endPod(live, object)
}

function writeStatus({ store }: Live, { metadata }: StatefulSet, revision: string): void {
  const own = typedObjects(store, 'pods', metadata.namespace).filter((pod) => isControlledBy(pod, metadata.uid))
  const ready = own.filter(isPodReady).length
  const updated = own.filter((pod) => pod.metadata.labels[revisionLabel] === revision).length
  const counts = { replicas: own.length, readyReplicas: ready, availableReplicas: ready, updatedReplicas: updated }
  store.update('statefulsets', metadata, (object) => ({
    ...object,
    status: {
      ...jsonObject(object.status),
      ...counts,
      updateRevision: revision,
      observedGeneration: metadata.generation,
    },
  }))
}
