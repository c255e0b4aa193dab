import { randomInt, randomUUID } from 'node:crypto'
import { type ResourceName, resources } from '../../../../kubernetes/resources.ts'
import { timestamp } from '../../../clock.ts'
import { type ApiAddress, apiVersionOf, groupOf, groupResource, resourceOfKind } from '../address.ts'
import {
  type ApiAnswer,
  type ApiRequest,
  apiBody,
  invalidAnswer,
  jsonAnswer,
  notFoundAnswer,
  statusAnswer,
} from '../answers.ts'
import { type ApiContext, type JsonObject, jsonObject, type StoredObject } from '../store.ts'
import { invalidWhenMade, withDefaults } from './admission.ts'
import { managedFields, managerOfRequest } from './managed-fields.ts'

/** Handles POST to a collection. With `dryRun=All` nothing is stored. */
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

/** Refuses a body that does not match its path. */
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

export interface Made {
  readonly namespace: string
  /** For managedFields. */
  readonly manager: string
}

/** Prepares a new object: adds its identity and defaults, and removes its status. */
export function admitObject(
  { store, clock }: Pick<ApiContext, 'store' | 'clock'>,
  resource: ResourceName,
  given: JsonObject,
  { namespace, manager }: Made,
): StoredObject {
  const { metadata, status: _status, ...rest } = given
  const { generateName, labels, annotations, ownerReferences, finalizers, name } = jsonObject(metadata)
  const apiVersion = apiVersionOf(resource)
  const time = timestamp(clock.now())
  const object = {
    ...rest,
    apiVersion,
    metadata: {
      name: String(name ?? `${generateName ?? ''}${randomSuffix()}`),
      ...(generateName !== undefined && { generateName }),
      ...(namespace && { namespace }),
      uid: randomUUID(),
      creationTimestamp: time,
      ...('spec' in rest && { generation: 1 }),
      labels: jsonObject(labels),
      ...(annotations !== undefined && { annotations }),
      ...(ownerReferences !== undefined && { ownerReferences }),
      ...(finalizers !== undefined && { finalizers }),
      managedFields: managedFields(given, { manager, apiVersion, time }),
    },
  }
  return withDefaults(store, resource, object as unknown as StoredObject) // its kind is checked, its labels are the maker's
}

/** Letters of generated names, without vowels and ambiguous digits: k8s.io/apimachinery/pkg/util/rand. */
const letters = 'bcdfghjklmnpqrstvwxz2456789'

/** Makes the random suffix of a generated name. */
function randomSuffix(length = 5): string {
  return Array.from({ length }, () => letters[randomInt(letters.length)]).join('')
}
