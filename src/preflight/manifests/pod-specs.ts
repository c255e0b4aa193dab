import { rawFields } from '../../kubernetes/cluster-client.ts'
import type { Path } from './objects.ts'

/** A pod's specification in an object, wherever it stands. */
export interface PodSpecFound {
  readonly path: Path
  /** Plain values, not yet parsed. */
  readonly spec: Fields
  readonly metadata: Fields
  /** For each of its containers, by the container's name: where its image is written. */
  readonly images: ReadonlyMap<string, Path>
}

type Fields = ReturnType<typeof rawFields.of>

/** Levels of nesting, and specifications of one object. */
const limits = { depth: 24, found: 500 } as const

/** Settings that containers written outside of a pod's specification get from what is around them. */
const inherited = ['serviceAccountName', 'imagePullSecrets', 'nodeSelector', 'tolerations', 'affinity'] as const

/**
 * Finds pod specifications by their shape, so that kinds nobody knows count too: a list of containers with images, steps as
 * Tekton has them, and a single container as Argo Workflows has it.
 */
export function findPodSpecs(body: unknown): readonly PodSpecFound[] {
  const found: PodSpecFound[] = []

  function visit(value: unknown, path: Path, around: Fields, parent: Fields): void {
    if (path.length > limits.depth || found.length >= limits.found || typeof value !== 'object' || value === null)
      return
    if (Array.isArray(value)) {
      for (const [index, it] of value.entries()) visit(it, [...path, index], around, {})
      return
    }
    const fields = rawFields.of(value)
    const own = specOf(fields, path, around, parent)
    if (own) found.push(own)
    const settings = { ...around, ...picked(fields) }
    for (const [key, it] of Object.entries(fields))
      if (!(own && containerKeys.has(key))) visit(it, [...path, key], settings, fields)
  }

  visit(body, [], {}, {})
  return found
}

const containerKeys: ReadonlySet<string> = new Set([
  ...['containers', 'initContainers', 'ephemeralContainers', 'volumes', 'steps', 'sidecars', 'container', 'script'],
])

function picked(fields: Fields): Fields {
  return Object.fromEntries(inherited.flatMap((key) => (fields[key] === undefined ? [] : [[key, fields[key]]])))
}

function specOf(fields: Fields, path: Path, around: Fields, parent: Fields): PodSpecFound | undefined {
  if (hasImages(fields.containers))
    return describe(fields, path, rawFields.of(parent.metadata), {
      ...{ containers: 'containers', initContainers: 'initContainers', ephemeralContainers: 'ephemeralContainers' },
    })
  const spec = { ...around, ...picked(fields) }
  if (hasImages(fields.steps) || hasImages(fields.sidecars))
    return describe(
      { ...spec, containers: named(fields.steps), sidecars: named(fields.sidecars) },
      path,
      {},
      { containers: 'steps', sidecars: 'sidecars' },
    )
  const single = ['container', 'script'].find((key) => isContainer(fields[key]))
  if (!single) return undefined
  const container = { name: 'main', ...rawFields.of(fields[single]) }
  const images = new Map([[rawFields.text(container.name), [...path, single, 'image']]])
  return { path, spec: { ...spec, containers: [container] }, metadata: {}, images }
}

function describe(spec: Fields, path: Path, metadata: Fields, lists: Readonly<Record<string, string>>): PodSpecFound {
  const images = new Map<string, Path>()
  for (const [key, written] of Object.entries(lists))
    for (const [index, { name }] of rawFields.list(spec[key]).entries())
      images.set(rawFields.text(name), [...path, written, index, 'image'])
  for (const [index, { name }] of rawFields.list(spec.volumes).entries())
    images.set(`volume ${rawFields.text(name)}`, [...path, 'volumes', index, 'image', 'reference'])
  const containers = [...rawFields.list(spec.containers), ...rawFields.list(spec.sidecars)]
  return { path, spec: { ...spec, containers }, metadata, images }
}

/** Steps need no name in their own kind. */
function named(list: unknown): readonly Fields[] {
  return rawFields.list(list).map((it, index) => ({ ...it, name: rawFields.text(it.name) || `step-${index}` }))
}

function hasImages(list: unknown): boolean {
  return Array.isArray(list) && list.some(isContainer)
}

function isContainer(value: unknown): boolean {
  return typeof rawFields.of(value).image === 'string'
}
