import { type Document, isNode, LineCounter, parseAllDocuments } from 'yaml'
import { rawFields } from '../../kubernetes/cluster-client.ts'
import { redact } from '../../secret.ts'
import type { ManifestText } from './sources.ts'

/** Where something is written. `line` is absent where a tool made the text from another file. */
export interface Place {
  readonly file: string
  readonly line?: number
}

/** The keys and indexes that lead to a value. */
export type Path = readonly (string | number)[]

/** One Kubernetes object as it is written. */
export interface ManifestObject {
  readonly apiVersion: string
  readonly kind: string
  /** Empty: none is written. */
  readonly namespace: string
  readonly name: string
  /** Plain values; what is null is left out. */
  readonly body: unknown
  placeOf(path: Path): Place
}

/** A document that could not be read, and why. */
export interface Unreadable extends Place {
  readonly why: string
}

export interface ObjectsRead {
  readonly objects: readonly ManifestObject[]
  readonly unreadable: readonly Unreadable[]
}

/** Aliases that one document may use, and depth of Lists in Lists. */
const limits = { aliases: 100, depth: 5 } as const

/** Reads every object of YAML and JSON texts, those of Lists too. What is no object, such as Helm's values, is left out. */
export function readObjects(texts: readonly ManifestText[]): ObjectsRead {
  const read = texts.map(readText)
  return { objects: read.flatMap((it) => it.objects), unreadable: read.flatMap((it) => it.unreadable) }
}

function readText({ name, text }: ManifestText): ObjectsRead {
  const lines = new LineCounter()
  const objects: ManifestObject[] = []
  const unreadable: Unreadable[] = []
  for (const document of documentsOf(text, lines)) {
    const [error] = document.errors
    const body = error ? undefined : plainValue(document)
    if (body === undefined) {
      const line = lines.linePos(error?.pos[0] ?? document.range[0]).line
      const why = error ? (error.message.split('\n')[0] ?? '') : 'it is nested too deeply, or has too many aliases'
      unreadable.push({ file: name, ...(line > 0 && { line }), why: redact(why) })
    } else objects.push(...objectsIn(body, [], { file: name, document, lines }, 0))
  }
  return { objects, unreadable }
}

function documentsOf(text: string, lineCounter: LineCounter): readonly Document.Parsed[] {
  const parsed = parseAllDocuments(text, { lineCounter, logLevel: 'silent' })
  return 'empty' in parsed ? [] : parsed
}

function plainValue(document: Document.Parsed): unknown {
  try {
    return document.toJS({ maxAliasCount: limits.aliases }) ?? null
  } catch {
    return undefined
  }
}

interface Written {
  readonly file: string
  readonly document: Document.Parsed
  readonly lines: LineCounter
}

function objectsIn(value: unknown, path: Path, written: Written, depth: number): readonly ManifestObject[] {
  if (Array.isArray(value) && depth < limits.depth)
    return value.flatMap((it, index) => objectsIn(it, [...path, index], written, depth + 1))
  const { kind, apiVersion, items, metadata } = rawFields.of(value)
  if (typeof kind !== 'string' || typeof apiVersion !== 'string') return []
  if (kind.endsWith('List') && Array.isArray(items)) return objectsIn(items, [...path, 'items'], written, depth + 1)
  const { namespace, name, generateName } = rawFields.of(metadata)
  return [
    {
      ...{ apiVersion, kind, body: withoutNulls(value, 0), namespace: rawFields.text(namespace) },
      name: rawFields.text(name) || rawFields.text(generateName),
      placeOf: (inner) => placeOf(written, [...path, ...inner]),
    },
  ]
}

const deepest = 64

/** For the API server, null means that nothing is there. */
function withoutNulls(value: unknown, depth: number): unknown {
  if (depth > deepest) return undefined
  if (Array.isArray(value)) return value.map((it) => withoutNulls(it, depth + 1))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, it]) => it !== null)
  return Object.fromEntries(entries.map(([key, it]) => [key, withoutNulls(it, depth + 1)]))
}

/** What `helm template` writes above each document. */
const source = /^\s*Source: (\S{1,500})\s*$/m

function placeOf({ file, document, lines }: Written, path: Path): Place {
  const rendered = source.exec(document.commentBefore ?? document.contents?.commentBefore ?? '')?.[1]
  if (rendered) return { file: rendered }
  const node = document.getIn(path, true)
  const at = isNode(node) ? node.range?.[0] : undefined
  return at === undefined ? { file } : { file, line: lines.linePos(at).line }
}
