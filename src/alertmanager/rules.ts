import type { AlertTarget } from '../incidents/alerts/alert.ts'
import { isExporter, objectOf, roleOf } from '../target/object-labels.ts'

/** Which alerts are read, and how: from the configuration. */
export interface AlertRules {
  /** Names of the rules, as they are written; with `*` in it for any letters, in capitals or not. */
  readonly names: ReadonlySet<string>
  /** Values of a label `reason` that count as a rule's name does. */
  readonly reasons: ReadonlySet<string>
  /** The label that names the cluster. */
  readonly clusterLabel: string
  /** The clusters that are watched, by name. */
  readonly clusters: ReadonlySet<string>
  /** Other labels that are kept, because channels are chosen by them. */
  readonly labels: readonly string[]
  /** How alert posts are worded, beside the default templates: `Pod: {pod}`. */
  readonly patterns: readonly string[]
}

/** Longer names of rules are cut before they are compared. */
const longest = 253

/** Whether a rule of that name is read. */
export function isNamed(name: string, { names }: Pick<AlertRules, 'names'>): boolean {
  if (names.has(name)) return true
  const small = name.slice(0, longest).toLowerCase()
  return [...names].some((it) => it.includes('*') && matchesGlob(it.toLowerCase(), small))
}

/** By the name of its rule, or by a reason that only pulling images has. */
export function isRead(labels: Labels, rules: AlertRules): boolean {
  const name = labelValue(labels, 'alertname')
  return (name !== undefined && isNamed(name, rules)) || rules.reasons.has(labelValue(labels, 'reason') ?? '')
}

/** Each piece between stars is looked for behind the one before it, so that the time grows with the text alone. */
function matchesGlob(glob: string, text: string): boolean {
  const [first = '', ...pieces] = glob.split('*')
  const last = pieces.pop()
  if (last === undefined) return glob === text
  if (!text.startsWith(first)) return false
  let at = first.length
  for (const piece of pieces) {
    const found = text.indexOf(piece, at)
    if (found < 0) return false
    at = found + piece.length
  }
  return text.length - last.length >= at && text.endsWith(last)
}

/** Names that a pattern found together. */
export interface Found {
  readonly pod?: string
  readonly namespace?: string
  readonly cluster?: string
  /** Where in the text. */
  readonly index: number
}

type Name = 'pod' | 'namespace' | 'cluster'
type Part = { readonly literal: string } | { readonly name: Name; readonly behind: string }

const letters: Readonly<Record<Name, RegExp>> = {
  pod: /[a-z0-9.-]/,
  namespace: /[a-z0-9-]/,
  cluster: /[\w.:/@-]/,
}
/** Characters of a name, and blanks between two words of a pattern: so the time grows with the length of the text. */
const limits = { name: 253, blanks: 20, found: 200 } as const

/**
 * All places where a text has the words of a pattern: `Pod: {pod}`. Blanks in it are any blanks; everything but the names in
 * braces is meant as it is written, in capitals or not. A name ends where its letters end, or where the words behind it
 * stand first.
 */
export function matchPattern(pattern: string, text: string): readonly Found[] {
  const parts = partsOf(small(pattern.trim()))
  const [first] = parts
  if (!first) return []
  const within = small(text)
  const found: Found[] = []
  for (let at = nextStart(first, within, 0); at >= 0 && found.length < limits.found; ) {
    const match = matchAt(parts, within, at)
    if (match) found.push({ ...match.names, index: at })
    at = nextStart(first, within, match ? Math.max(match.end, at + 1) : at + 1)
  }
  return found
}

/** ASCII alone, so that each character keeps its place. */
function small(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
}

function partsOf(pattern: string): readonly Part[] {
  const pieces = pattern.split(/\{(pod|namespace|cluster)\}/)
  return pieces.flatMap((piece, index): Part[] => {
    if (index % 2 === 0) return piece === '' ? [] : [{ literal: piece }]
    return isName(piece) ? [{ name: piece, behind: pieces[index + 1] ?? '' }] : []
  })
}

function isName(piece: string): piece is Name {
  return piece === 'pod' || piece === 'namespace' || piece === 'cluster'
}

/** Where the first part may begin; below zero: nowhere. */
function nextStart(first: Part, text: string, from: number): number {
  if ('literal' in first) {
    const word = first.literal.trimStart().split(/\s/)[0] ?? ''
    return word === '' ? -1 : text.indexOf(word, from)
  }
  const letter = letters[first.name]
  for (let at = from; at < text.length; at++)
    if (letter.test(text.charAt(at)) && (at === 0 || !letter.test(text.charAt(at - 1)))) return at
  return -1
}

function matchAt(parts: readonly Part[], text: string, start: number) {
  const names: { [name in Name]?: string } = {}
  let at = start
  for (const [index, part] of parts.entries()) {
    if ('literal' in part) {
      at = endOfLiteral(index === 0 ? part.literal.trimStart() : part.literal, text, at)
      if (at < 0) return undefined
      continue
    }
    const end = endOfName(part.name, part.behind, text, at)
    if (end <= at) return undefined
    names[part.name] = text.slice(at, end)
    at = end
  }
  return { names, end: at }
}

/** Below zero: it does not stand there. */
function endOfLiteral(literal: string, text: string, from: number): number {
  let at = from
  for (const piece of literal.split(/(\s+)/)) {
    if (piece.trim() === '' && piece !== '') {
      const end = endOfRun(/\s/, text, at, limits.blanks)
      if (end === at) return -1
      at = end
    } else {
      if (!text.startsWith(piece, at)) return -1
      at += piece.length
    }
  }
  return at
}

function endOfRun(letter: RegExp, text: string, from: number, most: number): number {
  let at = from
  while (at < text.length && at - from < most && letter.test(text.charAt(at))) at++
  return at
}

/** The longest name that the words behind it leave; else the shortest one that they follow. */
function endOfName(name: Name, behind: string, text: string, from: number): number {
  const run = endOfRun(letters[name], text, from, limits.name)
  const end = from + text.slice(from, run).replace(/[.:-]{1,253}$/, '').length
  if (behind === '' || endOfLiteral(behind, text, end) >= 0) return end
  const word = behind.split(/\s/)[0] ?? ''
  const found = word === '' ? -1 : text.indexOf(word, from + 1)
  return found > 0 && found < run ? found : end
}

export type Labels = Readonly<Record<string, string>>

/** What labels say that an alert is about. Without a usable name of a pod it is about less: never about what its words could be made to mean. */
export function targetOfLabels(labels: Labels): AlertTarget {
  const { namespace, kind, name } = objectOf(Object.entries(labels))
  if (namespace === undefined) return { about: 'cluster' }
  if (name === undefined) return { about: 'namespace', namespace }
  if (kind === 'Pod') return { about: 'pod', namespace, pod: name }
  return { about: 'workload', namespace, name, ...(kind && { kind }) }
}

/**
 * The cluster that labels name: a label whose value is the name of a known cluster, the configured one first; else what the
 * configured one says, cut. Empty: they do not tell.
 */
export function clusterOfLabels(labels: Labels, clusterLabel: string, clusters: ReadonlySet<string>): string {
  const own = labelValue(labels, clusterLabel)
  if (own !== undefined && clusters.has(own)) return own
  const others = Object.entries(labels).filter(([label]) => roleOf(label)?.role === 'cluster')
  const known = others.find(([, value]) => clusters.has(value))?.[1]
  return (known ?? own ?? others[0]?.[1] ?? '').slice(0, 253)
}

/** A label's own value: `constructor` is a name like any other. */
export function labelValue(labels: Labels, label: string): string | undefined {
  return Object.hasOwn(labels, label) ? labels[label] : undefined
}

/**
 * Whether these labels show that Prometheus scrapes kube-state-metrics without `honorLabels`: its own names then stand where
 * those of the object should. Google's managed Prometheus always renames them, and keeps them whole.
 */
export function lacksHonorLabels(labels: Labels): boolean {
  const pod = labelValue(labels, 'pod') ?? ''
  if (Object.hasOwn(labels, 'project_id') || !isExporter(pod)) return false
  if (['exported_pod', 'exported_namespace', 'exported_container'].some((it) => Object.hasOwn(labels, it))) return true
  const { kind, name } = objectOf(Object.entries(labels))
  return kind === 'Pod' && name === pod && !Object.hasOwn(labels, 'container')
}
