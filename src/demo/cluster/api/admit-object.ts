import { randomUUID } from 'node:crypto'
import type { ResourceName } from '../../../kubernetes/resources.ts'
import { timestamp } from '../../clock.ts'
import type { ApiContext } from './api-context.ts'
import { type JsonObject, jsonObject } from './json-object.ts'
import { managedFields } from './managed-fields.ts'
import { randomSuffix } from './random-suffix.ts'
import { apiVersionOf } from './resource-names.ts'
import type { StoredObject } from './stored-objects.ts'
import { withDefaults } from './with-defaults.ts'

export interface Made {
  readonly namespace: string
  /** For managedFields. */
  readonly manager: string
}

/** A new object as it will be stored: with an identity, without a status, with what the server writes into it. */
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
