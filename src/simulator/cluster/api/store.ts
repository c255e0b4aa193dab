import { isDeepStrictEqual } from 'node:util'
import { parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { type ResourceName, resources } from '../../../kubernetes/resources.ts'
import type { Clock } from '../../clock.ts'
import { type Rule, resourceOfKind } from './address.ts'

/** The place of an object. Cluster-scoped objects have no namespace. An object's metadata is a place, too. */
export interface ObjectPlace {
  readonly namespace?: string | undefined
  readonly name: string
}

export interface Change {
  readonly resource: ResourceName
  readonly object: StoredObject
  readonly kind: 'put' | 'removed'
}

/** The store of objects, like etcd. Objects are immutable. */
export interface ObjectStore {
  get(resource: ResourceName, key: ObjectPlace): StoredObject | undefined
  /** Lists objects in etcd's order: by namespace, then by name. */
  list(resource: ResourceName, namespace?: string): readonly StoredObject[]
  /** Stores an object with a new resourceVersion, unless it is unchanged. */
  put(resource: ResourceName, object: StoredObject): StoredObject
  /** undefined: there is no such object. */
  update(
    resource: ResourceName,
    key: ObjectPlace,
    change: (object: StoredObject) => StoredObject,
  ): StoredObject | undefined
  remove(resource: ResourceName, key: ObjectPlace): void
  /** Calls the listener after each change. Returns the function that stops it. */
  watch(listener: (change: Change) => void): () => void
  /** The resourceVersion of the store. */
  readonly version: string
}

export function objectStore(objects: StoredObjects): ObjectStore {
  const kept = new Map<ResourceName, Map<string, StoredObject>>()
  const sorted = new Map<ResourceName, readonly StoredObject[]>()
  const listeners = new Set<(change: Change) => void>()
  let version = 1
  for (const [resource, of] of objects) kept.set(resource, new Map(of.map((it) => [objectKey(it.metadata), it])))

  function tell(change: Change): void {
    sorted.delete(change.resource)
    for (const listener of listeners) listener(change)
  }

  function put(resource: ResourceName, object: StoredObject): StoredObject {
    const of = kept.get(resource) ?? new Map<string, StoredObject>()
    const key = objectKey(object.metadata)
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
    get: (resource, key) => kept.get(resource)?.get(objectKey(key)),
    list: (resource, namespace) =>
      namespace ? ordered(resource).filter((it) => it.metadata.namespace === namespace) : ordered(resource),
    put,
    update(resource, key, change) {
      const object = kept.get(resource)?.get(objectKey(key))
      return object && put(resource, change(object))
    },
    remove(resource, key) {
      const object = kept.get(resource)?.get(objectKey(key))
      if (!object) return
      version += 1
      kept.get(resource)?.delete(objectKey(key))
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

/** Names an object among those of its resource. */
export function objectKey({ namespace, name }: ObjectPlace): string {
  return `${namespace ?? ''}/${name}`
}

function withVersionOf({ metadata }: StoredObject, object: StoredObject): StoredObject['metadata'] {
  const { resourceVersion } = metadata
  return { ...object.metadata, ...(resourceVersion !== undefined && { resourceVersion }) }
}

const ownerSchema = z.looseObject({ kind: z.string(), name: z.string(), uid: z.string().optional() })
const manifestSchema = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    uid: z.string().optional(),
    labels: z.record(z.string(), z.string()).default({}),
    ownerReferences: z.array(ownerSchema).optional(),
  }),
})

/** An object as the API server would send it. */
export type StoredObject = z.infer<typeof manifestSchema>
type StoredObjects = ReadonlyMap<ResourceName, readonly StoredObject[]>

/**
 * Turns manifests into stored objects: adds a namespace and a uid, and completes owner references that only name their owner.
 * Takes YAML with several documents, or objects. Expands `List`s.
 */
export function storedObjects(manifests: string | readonly unknown[]): StoredObjects {
  const given = typeof manifests === 'string' ? manifestsIn(manifests) : manifests
  const objects = new Map<ResourceName, StoredObject[]>()
  for (const manifest of given.flatMap(opened)) {
    const { resource, object } = stored(manifest)
    const of = objects.get(resource) ?? []
    of.push(object)
    objects.set(resource, of)
  }
  return objects
}

/** Parses the documents of a YAML text. Throws if it is invalid. */
export function manifestsIn(yaml: string): readonly unknown[] {
  return parseAllDocuments(yaml).flatMap((document): unknown[] => {
    const [error] = document.errors
    if (error) throw error
    const value: unknown = document.toJS()
    return value === null ? [] : [value]
  })
}

const listSchema = z.object({ kind: z.string().endsWith('List').or(z.literal('List')), items: z.array(z.unknown()) })

function opened(manifest: unknown): readonly unknown[] {
  return listSchema.safeParse(manifest).data?.items ?? [manifest]
}

function stored(manifest: unknown): { readonly resource: ResourceName; readonly object: StoredObject } {
  const { kind, metadata, ...rest } = manifestSchema.parse(manifest)
  const resource = resourceOfKind(kind)
  if (!resource) throw new Error(`no resource for the kind ${kind}`)
  const namespace = resources[resource].namespaced ? (metadata.namespace ?? 'default') : undefined
  const ownerReferences = metadata.ownerReferences?.map((owner) => ({
    apiVersion: 'v1',
    controller: true,
    ...owner,
    uid: owner.uid ?? uidOf(owner.kind, namespace, owner.name),
  }))
  const uid = metadata.uid ?? uidOf(kind, namespace, metadata.name)
  return {
    resource,
    object: {
      ...rest,
      kind,
      metadata: { ...metadata, uid, ...(namespace && { namespace }), ...(ownerReferences && { ownerReferences }) },
    },
  }
}

/** Makes a uid. An owner and the references to it get the same one. */
function uidOf(kind: string, namespace: string | undefined, name: string): string {
  return [kind.toLowerCase(), namespace, name].filter(Boolean).join('.')
}

export interface ApiServerOptions {
  /** Requests that are forbidden to the ServiceAccount. */
  readonly forbid?: readonly Rule[]
  /** Requests that get no answer. */
  readonly hang?: readonly Rule[]
  /** Logs by `namespace/pod/container`. With ` previous` at the end: the log of the previous container. */
  readonly logs?: Readonly<Record<string, string>>
  readonly clock?: Clock
  /** Milliseconds for which events are kept. Absent: forever. */
  readonly eventsLast?: number
  /** The nodes. A pod with a node disappears only when its kubelet confirms it. */
  readonly nodes?: Nodes
}

/** What the API server asks of nodes. */
export interface Nodes {
  /** As `logs`. */
  logOf(key: string): string | undefined
  /** The loopback port of a pod's port. undefined: nothing listens there. */
  portOf(podIp: string, port: number): number | undefined
}

/** The context of every handler. */
export interface ApiContext {
  readonly store: ObjectStore
  readonly clock: Clock
  readonly options: ApiServerOptions
}

/** A JSON object. Manifests may have unknown fields. */
export type JsonObject = Readonly<Record<string, unknown>>

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Returns the value if it is an object, else an empty object. */
export function jsonObject(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {}
}

/** Returns the objects of a list. Empty: the value is no list. */
export function jsonObjects(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : []
}
