import { isDeepStrictEqual } from 'node:util'
import { timestamp } from '../../../clock.ts'
import { type ApiAddress, apiVersionOf } from '../address.ts'
import {
  type ApiAnswer,
  type ApiRequest,
  apiBody,
  conflictAnswer,
  invalidAnswer,
  jsonAnswer,
  notFoundAnswer,
  statusAnswer,
} from '../answers.ts'
import { type ApiContext, isJsonObject, type JsonObject, jsonObject, jsonObjects, type StoredObject } from '../store.ts'
import { invalidWhenChanged } from './admission.ts'
import { changedFields, managerOfRequest, mergeKey } from './managed-fields.ts'

const forms: Readonly<Record<string, (target: JsonObject, patch: JsonObject) => JsonObject>> = {
  'application/merge-patch+json': mergePatch,
  'application/strategic-merge-patch+json': strategicMergePatch,
}

/** Handles PATCH of an object. Its status and identity do not change. */
export function patchObject(context: ApiContext, address: ApiAddress, request: ApiRequest): ApiAnswer {
  const { resource, namespace, name, query } = address
  const form = forms[(request.headers['content-type'] ?? '').split(';')[0] ?? '']
  if (!form) {
    const accepted = Object.keys(forms).join(', ')
    const words = `the body of the request was in an unknown format - accepted media types include: ${accepted}`
    return statusAnswer(415, words)
  }
  const body = apiBody(request)
  if ('refused' in body) return body.refused
  const before = context.store.get(resource, { namespace, name })
  if (!before) return notFoundAnswer(resource, name)
  const { uid, resourceVersion } = jsonObject(body.given.metadata)
  const conflict = conflictAnswer(resource, before, { uid, resourceVersion }, 'change')
  if (conflict) return conflict
  const after = keptIdentity(before, form(before, body.given))
  const invalid = invalidAnswer(resource, before, invalidWhenChanged(resource, before, after))
  if (invalid) return invalid
  const by = { manager: managerOfRequest(request, query), apiVersion: apiVersionOf(resource) }
  const managed = changedFields(before, after, { ...by, time: timestamp(context.clock.now()) })
  const metadata = { ...after.metadata, ...(managed.length > 0 && { managedFields: managed }) }
  const next = { ...after, metadata }
  return jsonAnswer(200, query.get('dryRun') === 'All' ? next : context.store.put(resource, next))
}

/** Keeps status and identity. A changed spec increases the generation. */
function keptIdentity(before: StoredObject, patched: JsonObject): StoredObject {
  const { labels, annotations, ownerReferences, finalizers } = jsonObject(patched.metadata)
  const {
    labels: _labels,
    annotations: _notes,
    ownerReferences: _owners,
    finalizers: _ends,
    ...identity
  } = before.metadata
  const { kind, status } = before
  const { status: _status, ...rest } = patched
  const changed = !isDeepStrictEqual(before.spec, patched.spec)
  const generation = Number(identity.generation ?? 1) + (changed ? 1 : 0)
  const next = {
    ...rest,
    kind,
    ...(status !== undefined && { status }),
    metadata: {
      ...identity,
      labels: jsonObject(labels),
      ...(annotations !== undefined && { annotations }),
      ...(ownerReferences !== undefined && { ownerReferences }),
      ...(finalizers !== undefined && { finalizers }),
      ...(patched.spec !== undefined && { generation }),
    },
  }
  return next as unknown as StoredObject // of the same form as before
}

/** RFC 7396. */
function mergePatch(target: JsonObject, patch: JsonObject): JsonObject {
  return merged(target, patch, (_key, _before, value) => value)
}

/**
 * Kubernetes' own: lists with a key are merged item by item.
 * https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/
 */
function strategicMergePatch(target: JsonObject, patch: JsonObject): JsonObject {
  if (patch.$patch === 'replace') return withoutDirectives(patch)
  return merged(target, withoutDirectives(patch), mergedList)
}

type MergeList = (key: string, before: unknown, value: readonly unknown[]) => unknown

function merged(target: JsonObject, patch: JsonObject, mergeList: MergeList): JsonObject {
  const result: Record<string, unknown> = { ...target }
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key]
    else if (isJsonObject(value)) result[key] = mergedObject(jsonObject(target[key]), value, mergeList)
    else result[key] = Array.isArray(value) ? mergeList(key, target[key], value) : value
  }
  return result
}

function mergedObject(target: JsonObject, patch: JsonObject, mergeList: MergeList): JsonObject {
  return mergeList === mergedList ? strategicMergePatch(target, patch) : merged(target, patch, mergeList)
}

function mergedList(key: string, before: unknown, value: readonly unknown[]): unknown {
  const by = mergeKey(key)
  if (!by) return value
  const result = [...jsonObjects(before)]
  for (const item of jsonObjects(value)) {
    const at = result.findIndex((it) => it[by] === item[by])
    if (item.$patch === 'delete') result.splice(at, at < 0 ? 0 : 1)
    else if (at < 0) result.push(withoutDirectives(item))
    else result[at] = strategicMergePatch(jsonObject(result[at]), item)
  }
  return result
}

/** Removes directives such as `$setElementOrder/containers`, which kubectl sends. */
function withoutDirectives(patch: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(patch).filter(([key]) => !key.startsWith('$')))
}
