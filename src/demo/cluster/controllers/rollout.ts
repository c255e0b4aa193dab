import type { Resource } from '../../../kubernetes/resources.ts'
import { jsonObject } from '../api/json-object.ts'
import type { StoredObject } from '../api/stored-objects.ts'

type Deployment = Resource<'deployments'>
type ReplicaSet = Resource<'replicasets'>

/** How many pods each ReplicaSet is to have next: pkg/controller/deployment/rolling.go and recreate.go. */
export function replicasOf(
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

/** First those that do not serve, then as many as the others can spare. */
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
