import { z } from 'zod'
import type { ApiAddress } from './api-address.ts'
import { apiBody } from './api-body.ts'
import type { ApiContext } from './api-context.ts'
import type { ApiAnswer, ApiRequest } from './api-request.ts'
import { conflictAnswer } from './conflict-answer.ts'
import { endPod } from './end-pod.ts'
import { jsonAnswer } from './json-answer.ts'
import { markForeground } from './mark-foreground.ts'
import { notFoundAnswer } from './not-found-answer.ts'
import { orphanDependents } from './orphan-dependents.ts'
import { groupOf } from './resource-names.ts'
import { statusAnswer } from './status-answer.ts'

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

/** DELETE of one object, with preconditions. What it owns goes as `propagationPolicy` says. */
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
