import type { Alert } from '../incidents/alerts/alert.ts'
import { type Mention, mentionsIn } from '../target/mentions.ts'
import { roleOf } from '../target/object-labels.ts'
import { hasPodForm } from '../target/owner.ts'
import { columnsOf, rowOf } from '../target/rows.ts'
import { statusOfWord } from './alert-status.ts'
import { type AlertRules, type Labels, matchPattern } from './rules.ts'

/** The labels of one alert in a post. */
export interface LabelSet {
  readonly labels: Labels
  /** The position of its first word in the text. */
  readonly index: number
  /** From its own label `status`. undefined: it has none. */
  readonly firing: boolean | undefined
}

/** Labels that do not name an object. */
const further: ReadonlySet<string> = new Set(['severity', 'priority', 'status', 'state', 'alertname', 'reason'])
/** Labels that later alerts of the same post inherit until they are given again. */
const shared: ReadonlySet<string> = new Set([
  'namespace',
  'exported_namespace',
  'severity',
  'cluster',
  'status',
  'state',
])
/** Labels whose change never begins a new alert. */
const descriptive: ReadonlySet<string> = new Set(['severity', 'priority', 'reason', 'container', 'cluster', 'kind'])
const limits = { labels: 1_000, line: 2_000 } as const

interface Said {
  readonly index: number
  readonly labels: Labels
}

/**
 * Finds the labels that a text gives, as `namespace = shop`, in a sentence, or in the words of a pattern: one set for each
 * alert. A label that occurs again with another value begins the next set.
 */
export function labelSets(text: string, { clusterLabel, patterns }: AlertRules): readonly LabelSet[] {
  const said: readonly Said[] = [
    ...pairsIn(text, clusterLabel),
    ...patterns.flatMap((pattern) => patternIn(pattern, text, clusterLabel)),
    ...sentencesIn(text),
  ]
  const sets: DraftSet[] = []
  for (const { index, labels } of said.toSorted((a, b) => a.index - b.index).slice(0, limits.labels)) {
    const last = sets.at(-1)
    if (!last || conflicts(last.own, labels)) sets.push(draftOf(index, labels, last))
    else Object.assign(last.own, labels)
  }
  return finished(sets)
}

interface DraftSet {
  readonly index: number
  readonly own: Record<string, string>
  /** From the alerts before it. */
  readonly inherited: Labels
}

function draftOf(index: number, labels: Labels, last: DraftSet | undefined): DraftSet {
  const before = Object.entries({ ...last?.inherited, ...last?.own }).filter(([name]) => shared.has(name))
  return { index, own: { ...labels }, inherited: Object.fromEntries(before) }
}

function conflicts(own: Labels, labels: Labels): boolean {
  return Object.entries(labels).some(([name, value]) => {
    const before = Object.hasOwn(own, name) ? own[name] : undefined
    return before !== undefined && !descriptive.has(name) && before.toLowerCase() !== value.toLowerCase()
  })
}

/** Drops sets that name no object. A pod without a namespace gets the only namespace that the text names. */
function finished(sets: readonly DraftSet[]): readonly LabelSet[] {
  const places = new Set(sets.flatMap(({ own }) => Object.entries(own).filter(isPlace)).map(([, value]) => value))
  const [place] = places.size === 1 ? places : []
  return sets
    .filter(({ own }) => Object.keys(own).some((name) => !further.has(name)))
    .map(({ index, own, inherited }) => {
      const labels: Labels = { ...(place && { namespace: place }), ...inherited, ...own }
      const status = statusOfWord(labels.status ?? labels.state ?? '')
      return { index, labels, firing: status && status === 'firing' }
    })
}

function isPlace([name]: readonly [string, string]): boolean {
  return roleOf(name)?.role === 'namespace'
}

/** Finds the labels that a pattern's placeholders name. */
function patternIn(pattern: string, text: string, clusterLabel: string): readonly Said[] {
  return matchPattern(pattern, text).map(({ index, cluster, ...names }) => ({
    index,
    labels: { ...names, ...(cluster !== undefined && { [clusterLabel]: cluster }) },
  }))
}

/** Finds objects in sentences of people and of the stock rules: `Pod shop/web-1 …`, `pod/web-1 in namespace shop`. */
function sentencesIn(text: string): readonly Said[] {
  const said: Said[] = []
  let index = 0
  let columns: ReturnType<typeof columnsOf>
  for (const line of text.split('\n')) {
    const head = columnsOf(line)
    columns = head ?? columns
    const row = !head && columns?.namespaced ? rowOf(line.slice(0, limits.line), columns) : undefined
    if (row?.namespace) said.push({ index, labels: { namespace: row.namespace, pod: row.name } })
    for (const it of mentionsIn(line.slice(0, limits.line)).mentions) {
      if (it.isField || !isSure(it)) continue
      const kind = (it.kind ?? 'pods').replace(/s$/, '').replace(/^job$/, 'job_name')
      said.push({ index: index + it.at, labels: { ...(it.namespace && { namespace: it.namespace }), [kind]: it.name } })
    }
    index += line.length + 1
  }
  return said
}

/** Whether a mention is surely a name: by its form, or because it has a namespace. */
function isSure({ sureness, namespace, name }: Mention): boolean {
  if (sureness === 'named') return namespace !== undefined || hasPodForm(name)
  return namespace !== undefined && (sureness === 'form' || (sureness === 'placed' && /-\d{1,3}$/.test(name)))
}

const pair =
  /(?<![a-z0-9.-]_?)((?:[a-z][\w.-]{0,60}[ \t])?[a-z][\w.-]{0,60})(["'`*_]{0,3}(?:[ \t]{0,3}[:=][ \t"'`*_]{0,6}(?:\n[ \t"'`*_]{0,6})?|[*_]{1,2}[ \t]?\n[ \t"'`]{0,3}|[ \t]{1,3}`|[ \t]{2,40}|[ \t]{0,3}[|\u2502][ \t]{0,40}|\t))([\w./@-][\w./:@-]{0,252})/gi

/** Finds pairs: `pod: a`, `pod = a`, `*pod*: "a"`, `pod="a"`, `*Pod Name*` above `a`, and rows of a table. */
function pairsIn(text: string, clusterLabel: string): readonly Said[] {
  const said: Said[] = []
  const next = new RegExp(pair)
  for (let match = next.exec(text); match && said.length < limits.labels; match = next.exec(text)) {
    const { 0: whole, 1: key = '', 2: between = '', 3: value = '', index } = match
    const name = labelOf(key, clusterLabel)
    const trimmed = value.replace(/[.:]{1,3}$/, '')
    const isKey = (value.endsWith(':') || between.includes('|')) && labelOf(trimmed, clusterLabel) !== undefined
    const isApart = /^[ \t]+$/.test(between) && !isWholeLine(text, index, index + whole.length)
    if (name === undefined || isKey || isApart) next.lastIndex = index + key.length + between.length
    else if (trimmed !== '') said.push({ index, labels: labelsOf(name, trimmed) })
  }
  return said
}

/** Whether the line holds only a label and a value, as in a table without borders. */
function isWholeLine(text: string, start: number, end: number): boolean {
  const before = text.slice(text.lastIndexOf('\n', start - 1) + 1, start)
  const line = text.indexOf('\n', end)
  return !/\w/.test(before) && text.slice(end, line < 0 ? text.length : line).trim() === ''
}

/** Reads a key of one or two words. Both words count if they are one name, such as `Pod Name`; else only the second. */
function labelOf(key: string, clusterLabel: string): string | undefined {
  const words = key.split(/[ \t]/)
  for (const it of [words.join('_'), words.at(-1) ?? ''].map((word) => word.replaceAll(/^_+|_+$/g, ''))) {
    if (it.toLowerCase() === clusterLabel.toLowerCase()) return clusterLabel
    const known = further.has(it.toLowerCase()) ? { role: it.toLowerCase(), source: '' } : roleOf(it)
    if (known) return known.source === '' ? plainLabel(known.role) : it
  }
  return undefined
}

function plainLabel(role: string): string {
  return role === 'job' ? 'job_name' : role
}

/** Splits a value that names more than its label: `shop/web-1`, `pod/web-1`. */
function labelsOf(name: string, value: string): Labels {
  const [first = '', second, third] = value.split('/')
  const role = roleOf(name)?.role
  if (second === undefined || third !== undefined || role === undefined || role === 'namespace' || role === 'cluster')
    return { [name]: value }
  const inner = roleOf(first)?.role
  if (inner && inner !== 'workload') return { [plainLabel(inner)]: second }
  return { namespace: first, [name]: second }
}

const severities: ReadonlyMap<string, Alert['severity']> = new Map([
  ...['critical', 'crit', 'page', 'error', 'high', 'fatal', 'emergency', 'p1', 'sev1'].map(
    (it) => [it, 'critical'] as const,
  ),
  ...['warning', 'warn', 'medium', 'minor'].map((it) => [it, 'warning'] as const),
  ...['info', 'information', 'none', 'low', 'notice'].map((it) => [it, 'info'] as const),
])

/** Reads a severity. A missing or unknown one counts as a warning, so that somebody sees the alert. */
export function severityOf(label: string | undefined): Alert['severity'] {
  return severities.get(label?.trim().toLowerCase() ?? '') ?? 'warning'
}
