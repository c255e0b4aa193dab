import type { AlertTarget } from '../incidents/alerts/alert.ts'
import { isExporter, objectOf, roleOf } from '../target/object-labels.ts'

/** The configured rules that say which alerts are read, and how. */
export interface AlertRules {
  /** Names of alert rules. `*` matches any characters; case then does not matter. */
  readonly names: ReadonlySet<string>
  /** Values of the label `reason` that select an alert, like a rule's name. */
  readonly reasons: ReadonlySet<string>
  /** The label that names the cluster. */
  readonly clusterLabel: string
  /** The clusters that are watched, by name. */
  readonly clusters: ReadonlySet<string>
  /** Other labels to keep, because they choose channels. */
  readonly labels: readonly string[]
  /** Templates of alert posts, in addition to the default ones: `Pod: {pod}`. */
  readonly patterns: readonly string[]
}

/** Characters. Longer names are cut before the comparison. */
const longest = 253

/** Whether a rule with this name is read. */
export function isNamed(name: string, { names }: Pick<AlertRules, 'names'>): boolean {
  if (names.has(name)) return true
  const small = name.slice(0, longest).toLowerCase()
  return [...names].some((it) => it.includes('*') && matchesGlob(it.toLowerCase(), small))
}

/** Whether an alert is read: because of its rule's name, or of a reason that only image pulls have. */
export function isRead(labels: Labels, rules: AlertRules): boolean {
  const name = labelValue(labels, 'alertname')
  return (name !== undefined && isNamed(name, rules)) || rules.reasons.has(labelValue(labels, 'reason') ?? '')
}

/** Matches each piece between stars after the one before it, in linear time. */
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

/** The names in one match of a pattern. */
export interface Found {
  readonly pod?: string
  readonly namespace?: string
  readonly cluster?: string
  /** Its position in the text. */
  readonly index: number
}

type Name = 'pod' | 'namespace' | 'cluster'
type Part = { readonly literal: string } | { readonly name: Name; readonly behind: string }

const letters: Readonly<Record<Name, RegExp>> = {
  pod: /[a-z0-9.-]/,
  namespace: /[a-z0-9-]/,
  cluster: /[\w.:/@-]/,
}
/** Characters of a name, spaces between two words of a pattern, and matches in one text. They keep the time linear. */
const limits = { name: 253, blanks: 20, found: 200 } as const

/**
 * Finds all matches of a pattern such as `Pod: {pod}` in a text. Spaces match any white space, and case does not matter;
 * everything else outside of braces is literal. A name ends where its characters end, or where the pattern's next words begin.
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

/** Lower-cases ASCII letters only, so that every character keeps its position. */
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

/** Returns the next position where the first part may begin. -1: none. */
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

/** Returns the end of a literal at a position. -1: it is not there. */
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

/** Returns the end of the longest name that leaves room for the words after it, else of the shortest one that they follow. */
function endOfName(name: Name, behind: string, text: string, from: number): number {
  const run = endOfRun(letters[name], text, from, limits.name)
  const end = from + text.slice(from, run).replace(/[.:-]{1,253}$/, '').length
  if (behind === '' || endOfLiteral(behind, text, end) >= 0) return end
  const word = behind.split(/\s/)[0] ?? ''
  const found = word === '' ? -1 : text.indexOf(word, from + 1)
  return found > 0 && found < run ? found : end
}

export type Labels = Readonly<Record<string, string>>

/**
 * Finds the target of an alert from its labels. Without a valid name, the target is the namespace or the cluster, never a
 * guess.
 */
export function targetOfLabels(labels: Labels): AlertTarget {
  const { namespace, kind, name } = objectOf(Object.entries(labels))
  if (namespace === undefined) return { about: 'cluster' }
  if (name === undefined) return { about: 'namespace', namespace }
  if (kind === 'Pod') return { about: 'pod', namespace, pod: name }
  return { about: 'workload', namespace, name, ...(kind && { kind }) }
}

/**
 * Finds the cluster that labels name: the value of the configured label, or of another cluster label, if it is a known cluster;
 * else the value of the configured label. Empty: no label names a cluster.
 */
export function clusterOfLabels(labels: Labels, clusterLabel: string, clusters: ReadonlySet<string>): string {
  const own = labelValue(labels, clusterLabel)
  if (own !== undefined && clusters.has(own)) return own
  const others = Object.entries(labels).filter(([label]) => roleOf(label)?.role === 'cluster')
  const known = others.find(([, value]) => clusters.has(value))?.[1]
  return (known ?? own ?? others[0]?.[1] ?? '').slice(0, 253)
}

/** Returns a label's own value, never an inherited one such as `constructor`. */
export function labelValue(labels: Labels, label: string): string | undefined {
  return Object.hasOwn(labels, label) ? labels[label] : undefined
}

/**
 * Whether labels show that Prometheus scrapes kube-state-metrics without `honorLabels`: they then name the exporter instead of
 * the object. Google's managed Prometheus always renames labels, but keeps all of them.
 */
export function lacksHonorLabels(labels: Labels): boolean {
  const pod = labelValue(labels, 'pod') ?? ''
  if (Object.hasOwn(labels, 'project_id') || !isExporter(pod)) return false
  if (['exported_pod', 'exported_namespace', 'exported_container'].some((it) => Object.hasOwn(labels, it))) return true
  const { kind, name } = objectOf(Object.entries(labels))
  return kind === 'Pod' && name === pod && !Object.hasOwn(labels, 'container')
}
