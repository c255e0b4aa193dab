import { isDeepStrictEqual } from 'node:util'
import { timestamp } from '../../clock.ts'
import type { ApiAddress } from './api-address.ts'
import { apiBody } from './api-body.ts'
import type { ApiContext } from './api-context.ts'
import type { ApiAnswer, ApiRequest } from './api-request.ts'
import { conflictAnswer } from './conflict-answer.ts'
import { invalidAnswer } from './invalid-answer.ts'
import { invalidWhenChanged } from './invalid-fields.ts'
import { jsonAnswer } from './json-answer.ts'
import { type JsonObject, jsonObject } from './json-object.ts'
import { changedFields } from './managed-fields.ts'
import { managerOfRequest } from './manager-of-request.ts'
import { mergePatch, strategicMergePatch } from './merge-patch.ts'
import { notFoundAnswer } from './not-found-answer.ts'
import { apiVersionOf } from './resource-names.ts'
import { statusAnswer } from './status-answer.ts'
import type { StoredObject } from './stored-objects.ts'

const forms: Readonly<Record<string, (target: JsonObject, patch: JsonObject) => JsonObject>> = {
  'application/merge-patch+json': mergePatch,
  'application/strategic-merge-patch+json': strategicMergePatch,
}

/** PATCH of an object, in either form. Its status and identity stay what they are. */
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

/** Only controllers write a status; a changed spec is a new generation. */
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
