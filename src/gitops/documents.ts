import { type Document, isPair, LineCounter, parseAllDocuments, parseDocument, visit } from 'yaml'
import { redact } from '../secret.ts'

/** The first document of a text. undefined: it is not valid YAML, a Helm template for example. */
export function parseManifest(text: string, lineCounter = new LineCounter()): Document.Parsed | undefined {
  try {
    // `silent` lets a second document pass: the separator after the first is part of the text.
    const document = parseDocument(text, { lineCounter, logLevel: 'silent' })
    return document.errors.length === 0 ? document : undefined
  } catch {
    return undefined // nested deeper than the parser's stack
  }
}

const parsedDocumentsLimit = 100

/** All documents of a file as plain values; what is no valid YAML is left out, and so is what needs aliases. */
export function parseManifests(content: string): readonly unknown[] {
  try {
    const documents = parseAllDocuments(content, { logLevel: 'silent' })
    const list = 'empty' in documents ? [] : documents
    return list.slice(0, parsedDocumentsLimit).flatMap((document) => {
      return document.errors.length === 0 ? [document.toJS({ maxAliasCount: 0 })] : []
    })
  } catch {
    return [] // too deep, or an alias
  }
}

export interface KubernetesObject {
  readonly kind: string
  readonly namespace: string
  readonly name: string
}

/** One object's part of a file. */
export interface FoundDocument {
  /** The line of the file, from 1, that it begins with. */
  readonly line: number
  /** Up to the separator that follows, which is part of it. Absent for a Secret. */
  readonly shown?: ShownText
}

export interface Documents {
  readonly found: readonly FoundDocument[]
  /** How many may be the object, and are no YAML (a Helm template is none) or too much of it. */
  readonly unread: number
}

const documentsLimit = 100
const charactersLimit = 262_144

/**
 * The documents of a file that are the object: one without a namespace gets it from elsewhere, and fits any. Aliases are
 * not followed: what is asked for here is written out in every manifest.
 */
export function findDocument(content: string, object: KubernetesObject): Documents {
  const possible = split(content).filter(({ text }) => text.includes(object.name))
  const found: FoundDocument[] = []
  let unread = Math.max(0, possible.length - documentsLimit)
  for (const { line, text } of possible.slice(0, documentsLimit)) {
    const lines = new LineCounter()
    const document = text.length > charactersLimit ? undefined : parseManifest(text, lines)
    if (!document) unread += 1
    else if (isObject(document, object))
      found.push(object.kind === 'Secret' ? { line } : { line, shown: shownText(text, document, lines) })
  }
  return { found, unread }
}

/** No scalar can hold these marks at the beginning of a line: https://yaml.org/spec/1.2.2/#rule-c-forbidden */
function split(content: string): readonly { readonly line: number; readonly text: string }[] {
  const lines = content.split(/(?<=\n)/)
  const marks = [...lines.keys()].filter((index) => /^(?:---|\.\.\.)(?:\s|$)/.test(lines[index] ?? ''))
  return [0, ...marks].map((start, index) => {
    const next = marks[index] ?? lines.length
    return { line: start + 1, text: lines.slice(start, next + 1).join('') }
  })
}

function isObject(document: Document, { kind, namespace, name }: KubernetesObject): boolean {
  const written = document.getIn(['metadata', 'namespace']) ?? namespace
  return document.get('kind') === kind && document.getIn(['metadata', 'name']) === name && written === namespace
}

/** A manifest without what may not be shown: plain JSON, fit to be saved. */
export interface ShownText {
  /** As many lines as the manifest has, of the same structure. */
  readonly text: string
  /** Lines, from 1, that say something else than in the file. */
  readonly hidden: readonly number[]
}

/** Keys whose values hold no secret. What is not here is not shown, as the value of an environment variable. */
const shownKeys: ReadonlySet<string> = new Set(
  `apiVersion kind name namespace image imagePullPolicy imagePullSecrets serviceAccountName replicas restartPolicy
   containerPort port targetPort protocol cpu memory ephemeral-storage mountPath readOnly claimName backoffLimit
   completions parallelism schedule suspend revisionHistoryLimit terminationGracePeriodSeconds
   ttlSecondsAfterFinished`.split(/\s+/),
)
const shownBelow: ReadonlySet<string> = new Set(['labels', 'matchLabels', 'nodeSelector'])
const hiddenBelow: ReadonlySet<string> = new Set(['data', 'stringData', 'annotations'])

/** `lines` is what counted the lines of the text when it was parsed. */
export function shownText(text: string, document: Document, lines: LineCounter): ShownText {
  const hidden = new Set<number>()
  let masked = ''
  let at = 0
  for (const [start, end] of hiddenRanges(document)) {
    masked += `${text.slice(at, start)}hidden${text.slice(start, end).replace(/[^\n]/g, '')}`
    at = end
    const last = lines.linePos(end - 1).line
    for (let line = lines.linePos(start).line; line <= last; line += 1) hidden.add(line)
  }
  const shown = (masked + text.slice(at)).split('\n').map((line, index) => {
    const redacted = redact(line)
    if (redacted !== line) hidden.add(index + 1)
    return redacted
  })
  return { text: shown.join('\n'), hidden: [...hidden].toSorted((a, b) => a - b) }
}

/** In the order of the text. */
function hiddenRanges(document: Document): readonly (readonly [start: number, end: number])[] {
  const ranges: (readonly [number, number])[] = []
  visit(document, {
    Scalar(key, { range, value }, path) {
      const keys = path.filter(isPair).map((pair) => String(pair.key))
      if (key !== 'key' && range && !isShown(keys, value)) ranges.push([range[0], range[1]])
    },
  })
  return ranges
}

/** Numbers, switches and nothing at all are no secrets, but where anybody may write anything. */
function isShown(keys: readonly string[], value: unknown): boolean {
  if (keys.some((key) => hiddenBelow.has(key))) return false
  return typeof value !== 'string' || shownKeys.has(keys.at(-1) ?? '') || keys.some((key) => shownBelow.has(key))
}
