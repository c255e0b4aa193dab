import { type Document, isPair, LineCounter, parseAllDocuments, parseDocument, visit } from 'yaml'
import { redact } from '../secret.ts'

/** Parses the first document of a text. undefined: it is not valid YAML; a Helm template is one example. */
export function parseManifest(text: string, lineCounter = new LineCounter()): Document.Parsed | undefined {
  try {
    // `silent`: without it, the separator before a second document would be an error.
    const document = parseDocument(text, { lineCounter, logLevel: 'silent' })
    return document.errors.length === 0 ? document : undefined
  } catch {
    return undefined // too deeply nested for the parser's stack
  }
}

const parsedDocumentsLimit = 100

/** Parses all documents of a file into plain values. Skips invalid YAML and documents with aliases. */
export function parseManifests(content: string): readonly unknown[] {
  try {
    const documents = parseAllDocuments(content, { logLevel: 'silent' })
    const list = 'empty' in documents ? [] : documents
    return list.slice(0, parsedDocumentsLimit).flatMap((document) => {
      return document.errors.length === 0 ? [document.toJS({ maxAliasCount: 0 })] : []
    })
  } catch {
    return [] // too deeply nested, or an alias
  }
}

export interface KubernetesObject {
  readonly kind: string
  readonly namespace: string
  readonly name: string
}

/** The document of one object within a file. */
export interface FoundDocument {
  /** The line of the file where it begins, from 1. */
  readonly line: number
  /** The text, with the separator that follows it. Absent for a Secret. */
  readonly shown?: ShownText
}

export interface Documents {
  readonly found: readonly FoundDocument[]
  /** The number of documents that may be the object but could not be parsed: too large, or not YAML, such as a Helm template. */
  readonly unread: number
}

const documentsLimit = 100
const charactersLimit = 262_144

/**
 * Finds the documents of a file that describe an object. A document without a namespace fits every namespace, because a tool
 * may add it. Aliases are not followed: kind, name and namespace are written out in every manifest.
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

/**
 * Splits at `---` and `...`, which no scalar may contain at the beginning of a line:
 * https://yaml.org/spec/1.2.2/#rule-c-forbidden
 */
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

/** A manifest in which confidential values are masked. Plain JSON, so it can be saved. */
export interface ShownText {
  /** Has the same number of lines and the same structure as the manifest. */
  readonly text: string
  /** The lines, from 1, that differ from the file. */
  readonly hidden: readonly number[]
}

/** Keys whose values hold no secret. The value of any other key, such as an environment variable's `value`, is masked. */
const shownKeys: ReadonlySet<string> = new Set(
  `apiVersion kind name namespace image imagePullPolicy imagePullSecrets serviceAccountName replicas restartPolicy
   containerPort port targetPort protocol cpu memory ephemeral-storage mountPath readOnly claimName backoffLimit
   completions parallelism schedule suspend revisionHistoryLimit terminationGracePeriodSeconds
   ttlSecondsAfterFinished`.split(/\s+/),
)
const shownBelow: ReadonlySet<string> = new Set(['labels', 'matchLabels', 'nodeSelector'])
const hiddenBelow: ReadonlySet<string> = new Set(['data', 'stringData', 'annotations'])

/** Masks a manifest. `lines`: the counter that was used to parse the text. */
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

/** Returns the ranges of the values to mask, in the order of the text. */
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

/** Numbers, booleans and nulls are shown, except below keys that hold free data, such as annotations. */
function isShown(keys: readonly string[], value: unknown): boolean {
  if (keys.some((key) => hiddenBelow.has(key))) return false
  return typeof value !== 'string' || shownKeys.has(keys.at(-1) ?? '') || keys.some((key) => shownBelow.has(key))
}
