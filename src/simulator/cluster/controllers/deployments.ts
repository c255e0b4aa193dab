import type { Resource } from '../../../kubernetes/resources.ts'
import { timestamp } from '../../clock.ts'
import { jsonObject, jsonObjects, type StoredObject } from '../api/store.ts'
import { admitObject } from '../api/writes/create.ts'
import { type Live, typedObject, typedObjects } from '../objects.ts'
import { type Condition, controllerReference, isControlledBy, withCondition } from './controller.ts'

type DeploymentObject = Resource<'deployments'>
type ReplicaSet = Resource<'replicasets'>

/** Rolls out Deployments: replaces pods a few at a time, so that enough always serve. */
export function deployments(live: Live): number | undefined {
  const alive = typedObjects(live.store, 'deployments').filter(({ metadata }) => !metadata.deletionTimestamp)
  const wishes = alive.flatMap((deployment) => reconcile(live, deployment) ?? [])
  return wishes.length > 0 ? Math.min(...wishes) : undefined
}

function reconcile(live: Live, deployment: DeploymentObject): number | undefined {
  const { store } = live
  const current = currentSet(live, deployment)
  if (!current) return undefined
  const old = setsOf(live, deployment).filter(({ metadata }) => metadata.uid !== current.metadata.uid)
  for (const [set, replicas] of replicasOf(deployment, store.get('deployments', deployment.metadata), current, old))
    scale(live, set, replicas)
  return deploymentStatus(live, deployment, current, setsOf(live, deployment))
}

/** The oldest first. */
function setsOf({ store }: Live, { metadata }: DeploymentObject): readonly ReplicaSet[] {
  return typedObjects(store, 'replicasets', metadata.namespace)
    .filter((set) => isControlledBy(set, metadata.uid))
    .toSorted((a, b) => revisionOf(a) - revisionOf(b))
}

// https://kubernetes.io/docs/reference/labels-annotations-taints/#deployment-kubernetes-io-revision
const revision = 'deployment.kubernetes.io/revision'

function revisionOf({ metadata }: ReplicaSet): number {
  return Number(metadata.annotations[revision] ?? 0)
}

/** Returns the ReplicaSet of the current template with the highest revision. Creates it if it is missing. */
function currentSet(live: Live, deployment: DeploymentObject): ReplicaSet | undefined {
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
  { metadata, spec }: DeploymentObject,
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

type DeploymentFields = Resource<'deployments'>

interface Counts {
  readonly replicas: number
  readonly updatedReplicas: number
  readonly readyReplicas: number
}

/** Writes the status of a Deployment. Returns the milliseconds until its progress deadline. */
function deploymentStatus(
  { store, clock }: Live,
  { metadata, spec }: DeploymentFields,
  current: ReplicaSet,
  sets: readonly ReplicaSet[],
): number | undefined {
  const object = store.get('deployments', metadata)
  if (!object) return undefined
  const desired = spec.replicas ?? 1
  const counts: Counts = {
    replicas: sum(sets, ({ status }) => status.replicas),
    updatedReplicas: sets.find((set) => set.metadata.uid === current.metadata.uid)?.status.replicas ?? 0,
    readyReplicas: sum(sets, ({ status }) => status.readyReplicas),
  }
  const now = clock.now()
  const known = jsonObjects(jsonObject(object.status).conditions)
  const { progressing, since } = progress(object, counts, desired, current.metadata.name, now)
  // By the default of maxUnavailable, 25%.
  const enough = counts.readyReplicas >= Math.max(desired > 0 ? 1 : 0, desired - Math.floor(desired / 4))
  const available: Condition = enough
    ? {
        type: 'Available',
        status: 'True',
        reason: 'MinimumReplicasAvailable',
        message: 'Deployment has minimum availability.',
      }
    : {
        type: 'Available',
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      }
  const told = withCondition(withCondition(known, available, now), progressing, now)
  const conditions = told.map((it) => (it.type === 'Progressing' ? { ...it, lastUpdateTime: timestamp(since) } : it))
  const missing = Math.max(0, desired - counts.readyReplicas)
  const status = { ...counts, availableReplicas: counts.readyReplicas, unavailableReplicas: missing, conditions }
  store.update('deployments', metadata, (it) => ({
    ...it,
    status: { observedGeneration: metadata.generation, ...status },
  }))
  return progressing.reason === 'ReplicaSetUpdated' ? since + deadlineOf(object.spec) - now : undefined
}

function sum(sets: readonly ReplicaSet[], of: (set: ReplicaSet) => number): number {
  return sets.reduce((total, set) => total + of(set), 0)
}

/** Milliseconds. */
function deadlineOf(spec: unknown): number {
  return Number(jsonObject(spec).progressDeadlineSeconds ?? 600) * 1_000
}

/** pkg/controller/deployment/progress.go: progress is any change of the counts, or another ReplicaSet. */
function progress(
  { spec, status }: StoredObject,
  counts: Counts,
  desired: number,
  name: string,
  now: number,
): { readonly progressing: Condition; readonly since: number } {
  const before = jsonObject(status)
  const known = jsonObjects(before.conditions).find(({ type }) => type === 'Progressing')
  const same =
    Object.entries(counts).every(([key, value]) => before[key] === value) &&
    String(known?.message).includes(`"${name}"`)
  const since = same ? Date.parse(String(known?.lastUpdateTime)) : now
  const complete = counts.updatedReplicas === desired && counts.replicas === desired && counts.readyReplicas === desired
  const say = (status: Condition['status'], reason: string, words: string) => ({
    progressing: { type: 'Progressing', status, reason, message: `ReplicaSet "${name}" ${words}` } as const,
    since,
  })
  if (complete) return say('True', 'NewReplicaSetAvailable', 'has successfully progressed.')
  if (now - since >= deadlineOf(spec)) return say('False', 'ProgressDeadlineExceeded', 'has timed out progressing.')
  return say('True', 'ReplicaSetUpdated', 'is progressing.')
}

type Deployment = Resource<'deployments'>

/** Returns the next number of pods of each ReplicaSet: pkg/controller/deployment/rolling.go and recreate.go. */
function replicasOf(
  { spec }: Deployment,
  object: StoredObject | undefined,
  current: ReplicaSet,
  old: readonly ReplicaSet[],
): readonly (readonly [set: ReplicaSet, replicas: number])[] {
  const desired = spec.replicas ?? 1
  const { type, rollingUpdate } = jsonObject(jsonObject(object?.spec).strategy)
  if (type === 'Recreate') {
    const gone = old.every(({ status }) => status.replicas === 0)
    return [...old.map((set) => [set, 0] as const), [current, gone ? desired : sizeOf(current)]]
  }
  const { maxSurge = '25%', maxUnavailable = '25%' } = jsonObject(rollingUpdate)
  const surge = part(maxSurge, desired, Math.ceil)
  const unavailable = part(maxUnavailable, desired, Math.floor)
  const limits = { most: desired + Math.max(surge, unavailable === 0 ? 1 : 0), least: desired - unavailable }
  return [[current, grown(current, old, desired, limits.most)], ...shrunk(current, old, limits.least)]
}

function part(written: unknown, of: number, round: (value: number) => number): number {
  const percent = /^(\d+)%$/.exec(String(written))?.[1]
  return percent === undefined ? Number(written) : round((Number(percent) * of) / 100)
}

function sizeOf({ spec }: ReplicaSet): number {
  return spec.replicas ?? 1
}

function total(sets: readonly ReplicaSet[]): number {
  return sets.reduce((sum, set) => sum + sizeOf(set), 0)
}

function grown(current: ReplicaSet, old: readonly ReplicaSet[], desired: number, most: number): number {
  const room = Math.max(0, most - total([current, ...old]))
  return Math.min(desired, sizeOf(current) + room)
}

/** Scales old ReplicaSets down: first pods that do not serve, then as many as possible. */
function shrunk(
  current: ReplicaSet,
  old: readonly ReplicaSet[],
  least: number,
): readonly (readonly [set: ReplicaSet, replicas: number])[] {
  const ready = [current, ...old].reduce((sum, { status }) => sum + status.readyReplicas, 0)
  const notYet = sizeOf(current) - current.status.readyReplicas
  let spare = Math.max(0, total([current, ...old]) - least - notYet)
  let serving = Math.max(0, ready - least)
  return old.map((set) => {
    const idle = Math.min(spare, Math.max(0, sizeOf(set) - set.status.readyReplicas))
    const more = Math.min(spare - idle, serving, set.status.readyReplicas)
    spare -= idle + more
    serving -= more
    return [set, sizeOf(set) - idle - more] as const
  })
}

const letters = 'bcdfghjklmnpqrstvwxz2456789'

/** Hashes by template, because templates are immutable. */
const known = new WeakMap<object, string>()

/** Hashes a pod template with 32-bit FNV-1a, encoded by apimachinery's SafeEncodeString. */
export function templateHash(template: object): string {
  const before = known.get(template)
  if (before !== undefined) return before
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(JSON.stringify(template))) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  }
  const name = [...String(hash)].map((digit) => letters[digit.charCodeAt(0) % letters.length]).join('')
  known.set(template, name)
  return name
}
