import { isDeepStrictEqual } from 'node:util'
import { parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { type ResourceName, resources } from '../../../kubernetes/resources.ts'
import type { Clock } from '../../clock.ts'
import { type Rule, resourceOfKind } from './address.ts'

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
 * Manifests as a cluster keeps them: with a namespace and a uid, and with owner references that need only name their
 * owner. YAML with several documents, or objects; `List`s are opened.
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

/** The documents of a YAML text. Throws for what is none. */
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

/** Any uid will do, as long as an owner's is the one that its references name. */
function uidOf(kind: string, namespace: string | undefined, name: string): string {
  return [kind.toLowerCase(), namespace, name].filter(Boolean).join('.')
}

export interface ApiServerOptions {
  /** What the ServiceAccount may not do. */
  readonly forbid?: readonly Rule[]
  /** What gets no answer until the caller gives up. */
  readonly hang?: readonly Rule[]
  /** By `namespace/pod/container`; with ` previous` behind it, the log of the container before. */
  readonly logs?: Readonly<Record<string, string>>
  readonly clock?: Clock
  /** Milliseconds that events are kept. Absent: for ever. */
  readonly eventsLast?: number
  /** Nodes run here: a pod that has one goes only when its kubelet says so. */
  readonly nodes?: Nodes
}

/** What the API server asks nodes for. */
export interface Nodes {
  /** As `logs`. */
  logOf(key: string): string | undefined
  /** The loopback port that stands for a port of a pod. undefined: nothing listens there. */
  portOf(podIp: string, port: number): number | undefined
}

/** What every handler works on. */
export interface ApiContext {
  readonly store: ObjectStore
  readonly clock: Clock
  readonly options: ApiServerOptions
}

/** Any JSON object: manifests have more fields than anything here knows. */
export type JsonObject = Readonly<Record<string, unknown>>

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value where it is an object; else an empty one. */
export function jsonObject(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {}
}

/** The objects of a list; none where it is no list. */
export function jsonObjects(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : []
}
