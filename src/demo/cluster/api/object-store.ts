import { isDeepStrictEqual } from 'node:util'
import type { ResourceName } from '../../../kubernetes/resources.ts'
import type { StoredObject, StoredObjects } from './stored-objects.ts'

/** Where an object is: without a namespace for what lives in none. An object's metadata is one. */
export interface ObjectPlace {
  readonly namespace?: string | undefined
  readonly name: string
}

export interface Change {
  readonly resource: ResourceName
  readonly object: StoredObject
  readonly kind: 'put' | 'removed'
}

/** What etcd is to a cluster. Objects are never changed in place. */
export interface ObjectStore {
  get(resource: ResourceName, key: ObjectPlace): StoredObject | undefined
  /** In etcd's order: by namespace, then by name. */
  list(resource: ResourceName, namespace?: string): readonly StoredObject[]
  /** With a new resourceVersion, unless nothing is new. */
  put(resource: ResourceName, object: StoredObject): StoredObject
  /** undefined: there is no such object. */
  update(
    resource: ResourceName,
    key: ObjectPlace,
    change: (object: StoredObject) => StoredObject,
  ): StoredObject | undefined
  remove(resource: ResourceName, key: ObjectPlace): void
  /** Calls back after each change, until the function that it gives is called. */
  watch(listener: (change: Change) => void): () => void
  /** The resourceVersion of the whole. */
  readonly version: string
}

export function objectStore(objects: StoredObjects): ObjectStore {
  const kept = new Map<ResourceName, Map<string, StoredObject>>()
  const sorted = new Map<ResourceName, readonly StoredObject[]>()
  const listeners = new Set<(change: Change) => void>()
  let version = 1
  for (const [resource, of] of objects) kept.set(resource, new Map(of.map((it) => [keyOf(it.metadata), it])))

  function tell(change: Change): void {
    sorted.delete(change.resource)
    for (const listener of listeners) listener(change)
  }

  function put(resource: ResourceName, object: StoredObject): StoredObject {
    const of = kept.get(resource) ?? new Map<string, StoredObject>()
    const key = keyOf(object.metadata)
    const before = of.get(key)
    if (before && isDeepStrictEqual(before, { ...object, metadata: withVersionOf(before, object) })) return before
    version += 1
    const next = { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } }
    kept.set(resource, of.set(key, next))
    tell({ resource, object: next, kind: 'put' })
    return next
  }

  function ordered(resource: ResourceName): readonly StoredObject[] {
    const known = sorted.get(resource)
    if (known) return known
    const entries = [...(kept.get(resource) ?? [])].toSorted(([a], [b]) => (a < b ? -1 : 1))
    const made = entries.map(([, object]) => object)
    sorted.set(resource, made)
    return made
  }

  return {
    get: (resource, key) => kept.get(resource)?.get(keyOf(key)),
    list: (resource, namespace) =>
      namespace ? ordered(resource).filter((it) => it.metadata.namespace === namespace) : ordered(resource),
    put,
    update(resource, key, change) {
      const object = kept.get(resource)?.get(keyOf(key))
      return object && put(resource, change(object))
    },
    remove(resource, key) {
      const object = kept.get(resource)?.get(keyOf(key))
      if (!object) return
      version += 1
      kept.get(resource)?.delete(keyOf(key))
      tell({ resource, object, kind: 'removed' })
    },
    watch(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    get version() {
      return String(version)
    },
  }
}

function keyOf({ namespace, name }: ObjectPlace): string {
  return `${namespace ?? ''}/${name}`
}

function withVersionOf({ metadata }: StoredObject, object: StoredObject): StoredObject['metadata'] {
  const { resourceVersion } = metadata
  return { ...object.metadata, ...(resourceVersion !== undefined && { resourceVersion }) }
}
