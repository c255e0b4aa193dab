import { type Document, LineCounter } from 'yaml'
import { parseManifest } from './parse-manifest.ts'
import { type ShownText, shownText } from './shown-text.ts'

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
