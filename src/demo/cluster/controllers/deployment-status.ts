import type { Resource } from '../../../kubernetes/resources.ts'
import { timestamp } from '../../clock.ts'
import { jsonObject, jsonObjects } from '../api/json-object.ts'
import type { StoredObject } from '../api/stored-objects.ts'
import type { Live } from '../live.ts'
import { type Condition, withCondition } from './with-condition.ts'

type Deployment = Resource<'deployments'>
type ReplicaSet = Resource<'replicasets'>

interface Counts {
  readonly replicas: number
  readonly updatedReplicas: number
  readonly readyReplicas: number
}

/** Counts its pods, and says how far it is. Returns when it will have taken too long, in milliseconds from now. */
export function deploymentStatus(
  { store, clock }: Live,
  { metadata, spec }: Deployment,
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
