import { resources } from '../../../kubernetes/resources.ts'
import { admitObject } from './admit-object.ts'
import type { ApiAddress } from './api-address.ts'
import { apiBody } from './api-body.ts'
import type { ApiContext } from './api-context.ts'
import type { ApiAnswer, ApiRequest } from './api-request.ts'
import { invalidAnswer } from './invalid-answer.ts'
import { invalidWhenMade } from './invalid-fields.ts'
import { jsonAnswer } from './json-answer.ts'
import { type JsonObject, jsonObject } from './json-object.ts'
import { managerOfRequest } from './manager-of-request.ts'
import { notFoundAnswer } from './not-found-answer.ts'
import { groupOf, groupResource, resourceOfKind } from './resource-names.ts'
import { statusAnswer } from './status-answer.ts'

/** POST to a collection. With `dryRun=All` everything but the object itself. */
export function createObject(context: ApiContext, address: ApiAddress, request: ApiRequest): ApiAnswer {
  const body = apiBody(request)
  if ('refused' in body) return body.refused
  const refused = misplaced(context, address, body.given)
  if (refused) return refused
  const { resource, namespace, query } = address
  const object = admitObject(context, resource, body.given, { namespace, manager: managerOfRequest(request, query) })
  const { name } = object.metadata
  const invalid = invalidAnswer(resource, object, invalidWhenMade(resource, object))
  if (invalid) return invalid
  if (context.store.get(resource, { namespace, name })) {
    const details = { name, group: groupOf(resource), kind: resource }
    return statusAnswer(409, `${groupResource(resource)} "${name}" already exists`, details, 'AlreadyExists')
  }
  return jsonAnswer(201, query.get('dryRun') === 'All' ? object : context.store.put(resource, object))
}

/** The body does not fit to where it was sent. */
function misplaced(
  { store }: ApiContext,
  { resource, namespace, name }: ApiAddress,
  given: JsonObject,
): ApiAnswer | undefined {
  const metadata = jsonObject(given.metadata)
  if (name) return statusAnswer(405, 'the server does not allow this method on the requested resource')
  if (resourceOfKind(String(given.kind ?? '')) !== resource)
    return statusAnswer(
      400,
      `the object provided is unrecognized (must be one of ${resource}): ${given.kind ?? 'no kind'}`,
    )
  if (metadata.namespace !== undefined && metadata.namespace !== namespace)
    return statusAnswer(400, 'the namespace of the provided object does not match the namespace sent on the request')
  if (metadata.resourceVersion !== undefined && metadata.resourceVersion !== '')
    return statusAnswer(500, 'resourceVersion should not be set on objects to be created')
  if (metadata.name === undefined && metadata.generateName === undefined)
    return statusAnswer(
      422,
      `${given.kind} "" is invalid: metadata.name: Required value: name or generateName is required`,
    )
  const missing = resources[resource].namespaced && !store.get('namespaces', { name: namespace })
  return missing ? notFoundAnswer('namespaces', namespace) : undefined
}
