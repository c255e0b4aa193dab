import { rawFields } from '../kubernetes/cluster-client.ts'
import { type Pod, resources } from '../kubernetes/resources.ts'
import { parseReference } from '../registry/reference.ts'
import type { ManifestObject, Place, Unreadable } from './manifests/objects.ts'
import { findPodSpecs, type PodSpecFound } from './manifests/pod-specs.ts'
import { pullsOf } from './pulled-images.ts'

/** A pod that an object would make. It does not exist: it has no uid, no node and no status. */
export interface WouldBePod {
  readonly kind: string
  /** Of the object that makes it. */
  readonly name: string
  readonly pod: Pod
  /** Where the image of a container, or of `volume NAME`, is written. */
  placeOf(container: string): Place
}

export interface WouldBePods {
  readonly pods: readonly WouldBePod[]
  /** Objects that make no pod, as `ConfigMap` → 3. */
  readonly skipped: ReadonlyMap<string, number>
  readonly unreadable: readonly Unreadable[]
}

/** The pods that objects would make. `namespace`: of those that name none. */
export function wouldBePods(objects: readonly ManifestObject[], namespace: string): WouldBePods {
  const pods: WouldBePod[] = []
  const skipped = new Map<string, number>()
  const unreadable: Unreadable[] = []
  for (const object of objects) {
    const found = makesNoPod.has(object.kind) ? [] : findPodSpecs(object.body)
    if (found.length === 0) skipped.set(object.kind, (skipped.get(object.kind) ?? 0) + 1)
    for (const it of found) {
      const pod = podOf(object, it, namespace)
      if (typeof pod === 'string') unreadable.push({ ...object.placeOf(it.path), why: pod })
      else pods.push(pod)
    }
  }
  return { pods, skipped, unreadable }
}

/** They describe or hold anything, also what looks like a pod. */
const makesNoPod: ReadonlySet<string> = new Set(['CustomResourceDefinition', 'ConfigMap', 'Secret'])

/** A sentence where the specification has a form that no API server accepts. */
function podOf(object: ManifestObject, found: PodSpecFound, namespace: string): WouldBePod | string {
  const { kind, name } = object
  const { labels, annotations } = found.metadata
  const parsed = resources.pods.schema.safeParse({
    metadata: { name, namespace: object.namespace || namespace, ...texts({ labels, annotations }) },
    spec: found.spec,
  })
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    return `${kind} ${name}: ${issue?.path.join('.')}: ${issue?.message}`
  }
  const fallback = found.path
  return { kind, name, pod: parsed.data, placeOf: (it) => object.placeOf(found.images.get(it) ?? fallback) }
}

/** Labels and annotations with values that are texts; others are refused by every API server. */
function texts(of: Readonly<Record<string, unknown>>): object {
  const entries = Object.entries(of).map(([key, map]) => [
    key,
    Object.fromEntries(Object.entries(rawFields.of(map)).filter(([, value]) => typeof value === 'string')),
  ])
  return Object.fromEntries(entries)
}

/** Registries that the images name, each once. */
export function hostsOf(objects: readonly ManifestObject[]): readonly string[] {
  const images = wouldBePods(objects, 'default').pods.flatMap(({ pod }) => pullsOf(pod).map(({ image }) => image))
  const parsed = images.map(parseReference)
  return [...new Set(parsed.flatMap((it) => (it.valid ? [it.reference.host] : [])))]
}
