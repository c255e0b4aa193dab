import { z } from 'zod'
import { type ResourceName, resources } from '../../../../kubernetes/resources.ts'
import { timestamp } from '../../../clock.ts'
import { type ApiAddress, groupOf } from '../address.ts'
import {
  type ApiAnswer,
  type ApiRequest,
  apiBody,
  conflictAnswer,
  jsonAnswer,
  notFoundAnswer,
  statusAnswer,
} from '../answers.ts'
import { type ApiContext, jsonObject, type ObjectStore, type StoredObject } from '../store.ts'

const policies = ['Orphan', 'Background', 'Foreground'] as const
const optionsSchema = z.object({
  preconditions: z.object({ uid: z.string().optional(), resourceVersion: z.string().optional() }).default({}),
  propagationPolicy: z.enum(policies).optional(),
  gracePeriodSeconds: z.coerce.number().optional(),
  dryRun: z.array(z.string()).default([]),
})

// pkg/registry/batch/job/storage: of all kinds that are served, only batch/v1 Jobs leave their pods behind.
const orphanWarning =
  'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning'

/** Handles DELETE of one object, with preconditions. `propagationPolicy` decides about its dependents. */
export function deleteObject(context: ApiContext, address: ApiAddress, request: ApiRequest): ApiAnswer {
  const { resource, namespace, name, query } = address
  const body = apiBody(request)
  if ('refused' in body) return body.refused
  const given = optionsSchema.safeParse({ ...Object.fromEntries(query), dryRun: query.getAll('dryRun'), ...body.given })
  if (!given.success) return statusAnswer(400, `invalid DeleteOptions: ${z.prettifyError(given.error)}`)
  const { preconditions, propagationPolicy, gracePeriodSeconds, dryRun } = given.data
  const object = context.store.get(resource, { namespace, name })
  if (!object) return notFoundAnswer(resource, name)
  const { uid, resourceVersion } = preconditions
  const conflict = conflictAnswer(resource, object, { uid, resourceVersion }, 'delete')
  if (conflict) return conflict
  const silent = resource === 'jobs' && propagationPolicy === undefined
  const headers = silent ? { warning: `299 - "${orphanWarning}"` } : {}
  const done = { name, group: groupOf(resource), kind: resource, uid: object.metadata.uid }
  const success = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details: done }
  if (dryRun.includes('All')) return jsonAnswer(200, resource === 'pods' ? object : success, headers)
  if (resource === 'pods') return jsonAnswer(200, endPod(context, object, gracePeriodSeconds), headers)
  if (propagationPolicy === 'Foreground') return jsonAnswer(200, markForeground(context, resource, object), headers)
  if (propagationPolicy === 'Orphan' || silent) orphanDependents(context.store, object)
  context.store.remove(resource, object.metadata)
  return jsonAnswer(200, success, headers)
}

/** Deletes a pod. If it runs on a node, it disappears when the node has ended it; otherwise at once. */
export function endPod(
  { store, clock, options }: Pick<ApiContext, 'store' | 'clock' | 'options'>,
  pod: StoredObject,
  gracePeriodSeconds?: number,
): StoredObject {
  const { nodeName, terminationGracePeriodSeconds } = jsonObject(pod.spec)
  const grace = gracePeriodSeconds ?? Number(terminationGracePeriodSeconds ?? 30)
  if (!options.nodes || !nodeName || grace === 0) {
    store.remove('pods', pod.metadata)
    return pod
  }
  if (pod.metadata.deletionTimestamp) return pod
  const deletionTimestamp = timestamp(clock.now() + grace * 1_000)
  return store.put('pods', {
    ...pod,
    metadata: { ...pod.metadata, deletionTimestamp, deletionGracePeriodSeconds: grace },
  })
}

/** Marks an object, which stays until the garbage collector has removed its dependents. */
function markForeground({ store, clock }: ApiContext, resource: ResourceName, object: StoredObject): StoredObject {
  return store.put(resource, {
    ...object,
    metadata: {
      ...object.metadata,
      deletionTimestamp: timestamp(clock.now()),
      finalizers: ['foregroundDeletion'],
    },
  })
}

/** Removes the owner reference from dependents, which stay. */
function orphanDependents(store: ObjectStore, owner: StoredObject): void {
  for (const resource of Object.keys(resources) as ResourceName[]) // its own keys
    for (const object of store.list(resource, owner.metadata.namespace)) forgetOwner(store, resource, object, owner)
}

function forgetOwner(store: ObjectStore, resource: ResourceName, object: StoredObject, owner: StoredObject): void {
  const { ownerReferences = [] } = object.metadata
  const others = ownerReferences.filter(({ uid }) => uid !== owner.metadata.uid)
  if (others.length === ownerReferences.length) return
  store.put(resource, { ...object, metadata: { ...object.metadata, ownerReferences: others } })
}
