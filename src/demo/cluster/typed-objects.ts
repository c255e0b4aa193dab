import { type Resource, type ResourceName, resources } from '../../kubernetes/resources.ts'
import type { ObjectStore } from './api/object-store.ts'
import type { StoredObject } from './api/stored-objects.ts'

const read = new WeakMap<StoredObject, unknown>()

/** The objects of a kind as src/kubernetes reads them. What nobody could read is left out. */
export function typedObjects<Name extends ResourceName>(
  store: ObjectStore,
  resource: Name,
  namespace?: string,
): readonly Resource<Name>[] {
  return store.list(resource, namespace).flatMap((object) => typedObject(resource, object) ?? [])
}

/** undefined: it does not have the form of its kind. */
export function typedObject<Name extends ResourceName>(
  resource: Name,
  object: StoredObject,
): Resource<Name> | undefined {
  if (!read.has(object)) read.set(object, resources[resource].schema.safeParse(object).data)
  return read.get(object) as Resource<Name> | undefined // objects are never changed in place
}
