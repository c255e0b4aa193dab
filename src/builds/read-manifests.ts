import { rawFields } from '../kubernetes/cluster-client.ts'
import { podTemplate } from '../kubernetes/schemas/pod.ts'
import type { ConfigMaps } from './container/variables.ts'
import { recogniseBuilds } from './recognise.ts'
import { filledIn, findTemplates, statedBuilds } from './resources.ts'
import type { BuildTool } from './tools/pushed.ts'

/** What one container of a manifest builds and pushes. */
export interface ManifestBuild {
  /** `Job/app-build` */
  readonly object: string
  readonly container: string
  readonly tool: BuildTool
  readonly destinations: readonly string[]
  /** A destination has a part that only the run knows. */
  readonly open: boolean
}

const limits = { objects: 1_000, depth: 64 } as const

/** Reads Kubernetes objects, also in a List, for what they build. ConfigMaps among them resolve variables and scripts. */
export function readManifests(documents: readonly unknown[]): readonly ManifestBuild[] {
  const objects = documents.flatMap(flattened).slice(0, limits.objects)
  const configMaps = configMapsIn(objects)
  return objects.flatMap((object) => buildsOf(object, configMaps, objects))
}

function flattened(document: unknown): readonly unknown[] {
  if (Array.isArray(document)) return document.flatMap(flattened)
  const items = rawFields.of(document).items
  return Array.isArray(items) && rawFields.text(rawFields.at(document, 'kind')).endsWith('List')
    ? items.flatMap(flattened)
    : [document]
}

function configMapsIn(objects: readonly unknown[]): ReadonlyMap<string, ConfigMaps> {
  const byNamespace = new Map<string, Map<string, Readonly<Record<string, string>>>>()
  for (const object of objects) {
    if (rawFields.at(object, 'kind') !== 'ConfigMap') continue
    const namespace = rawFields.text(rawFields.at(object, 'metadata', 'namespace'))
    const entries = Object.entries(rawFields.of(rawFields.at(object, 'data'))).map(
      ([key, value]) => [key, scalar(value)] as const,
    )
    const own = byNamespace.get(namespace) ?? new Map()
    own.set(rawFields.text(rawFields.at(object, 'metadata', 'name')), Object.fromEntries(entries))
    byNamespace.set(namespace, own)
  }
  return byNamespace
}

function buildsOf(
  object: unknown,
  configMaps: ReadonlyMap<string, ConfigMaps>,
  objects: readonly unknown[],
): readonly ManifestBuild[] {
  const metadata = rawFields.of(rawFields.at(object, 'metadata'))
  const name = rawFields.text(metadata.name) || rawFields.text(metadata.generateName)
  const called = `${rawFields.text(rawFields.at(object, 'kind'))}/${name}`
  const namespace = rawFields.text(metadata.namespace)
  const maps = new Map([...(configMaps.get('') ?? []), ...(configMaps.get(namespace) ?? [])])
  const byTemplate = findTemplates(object, objects).flatMap(({ template, parameters }) => {
    const parsed = podTemplate.safeParse(normalised(template, parameters, 0))
    if (!parsed.success) return []
    const { labels, annotations } = parsed.data.metadata
    return recogniseBuilds(parsed.data.spec, { configMaps: maps, pod: { namespace, labels, annotations } }).builds
  })
  return [...statedBuilds(object), ...byTemplate].map(({ container, tool, destinations, open }) => ({
    object: called,
    container,
    tool,
    destinations,
    open,
  }))
}

/** As the API server would have it: without nulls, with numbers as texts where a text belongs, parameters filled in. */
function normalised(value: unknown, parameters: ReadonlyMap<string, string>, depth: number): unknown {
  if (depth > limits.depth) return undefined
  if (Array.isArray(value)) return value.filter((it) => it !== null).map((it) => normalised(it, parameters, depth + 1))
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, it]) => it !== null)
    return Object.fromEntries(entries.map(([key, it]) => [key, asField(key, normalised(it, parameters, depth + 1))]))
  }
  return typeof value === 'string' && parameters.size > 0 ? filledIn(value, parameters) : value
}

const texts: ReadonlySet<string> = new Set(['value', 'name', 'image', 'key'])
const lists: ReadonlySet<string> = new Set(['command', 'args'])

function asField(key: string, value: unknown): unknown {
  if (texts.has(key) && (typeof value === 'number' || typeof value === 'boolean')) return String(value)
  if (!lists.has(key)) return value
  return Array.isArray(value) ? value.map(scalar) : typeof value === 'string' ? [value] : value
}

function scalar(value: unknown): string {
  return typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : ''
}
