import { parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { type ResourceName, resources } from '../../../kubernetes/resources.ts'
import { resourceOfKind } from './resource-names.ts'

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
export type StoredObjects = ReadonlyMap<ResourceName, readonly StoredObject[]>

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
