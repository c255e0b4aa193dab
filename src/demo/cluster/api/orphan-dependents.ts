import { type ResourceName, resources } from '../../../kubernetes/resources.ts'
import type { ObjectStore } from './object-store.ts'
import type { StoredObject } from './stored-objects.ts'

/** What it owns forgets its owner, and stays. */
export function orphanDependents(store: ObjectStore, owner: StoredObject): void {
  for (const resource of Object.keys(resources) as ResourceName[]) // its own keys
    for (const object of store.list(resource, owner.metadata.namespace)) forgetOwner(store, resource, object, owner)
}

function forgetOwner(store: ObjectStore, resource: ResourceName, object: StoredObject, owner: StoredObject): void {
  const { ownerReferences = [] } = object.metadata
  const others = ownerReferences.filter(({ uid }) => uid !== owner.metadata.uid)
  if (others.length === ownerReferences.length) return
  store.put(resource, { ...object, metadata: { ...object.metadata, ownerReferences: others } })
}
