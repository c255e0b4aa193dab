import type { Labels } from './target-of-labels.ts'
import { labelValue } from './target-of-labels.ts'

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
