import type { AlertRules } from './alert-rules.ts'
import { matchPattern } from './pattern.ts'

/** What one alert of a post says of itself. */
export interface LabelSet {
  readonly labels: Readonly<Record<string, string>>
  /** From the heading above it; undefined: there is none. */
  readonly firing: boolean | undefined
}

/** How the rules of kube-prometheus word what they are about. https://github.com/kubernetes-monitoring/kubernetes-mixin */
const usual = ['Pod {namespace}/{pod}', 'pod/{pod} in namespace {namespace}'] as const

const known = [
  ...['namespace', 'exported_namespace', 'pod', 'exported_pod', 'severity'],
  ...['deployment', 'statefulset', 'daemonset', 'replicaset', 'job_name', 'cronjob', 'workload'],
]
/** What the alerts of one post share stays while it is not said anew. */
const shared = ['namespace', 'exported_namespace', 'severity'] as const
const mostLabels = 1_000

interface Said {
  readonly index: number
  readonly labels: Readonly<Record<string, string>>
}

/** The names that a text gives, as `namespace = shop` or in the words of a pattern: a set for each pod. */
export function labelSets(text: string, { clusterLabel, patterns }: AlertRules): readonly LabelSet[] {
  const said: readonly Said[] = [
    ...pairsIn(text, [...known, clusterLabel]),
    ...[...patterns, ...usual].flatMap((pattern) =>
      matchPattern(pattern, text).map(({ index, cluster, ...names }) => ({
        index,
        labels: { ...names, ...(cluster !== undefined && { [clusterLabel]: cluster }) },
      })),
    ),
  ]
  const headings = headingsIn(text)
  const sets: { index: number; labels: Record<string, string> }[] = []
  for (const { index, labels } of said.toSorted((a, b) => a.index - b.index)) {
    const last = sets.at(-1)
    const again =
      last && Object.entries(labels).some(([name, value]) => name in last.labels && last.labels[name] !== value)
    if (!last) sets.push({ index, labels: { ...labels } })
    else if (!again) Object.assign(last.labels, labels)
    else sets.push({ index, labels: { ...inherited(last.labels), ...labels } })
  }
  return sets.map(({ index, labels }) => ({
    labels,
    firing: headings.findLast((it) => it.index < index)?.firing,
  }))
}

function inherited(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(shared.flatMap((name) => (labels[name] === undefined ? [] : [[name, labels[name]]])))
}

/** `pod: a`, `pod = a`, `*pod*: "a"`, `pod="a"`. */
function pairsIn(text: string, names: readonly string[]): readonly Said[] {
  const name = names.map((it) => it.replaceAll(/[^\w]/g, '\\$&')).join('|')
  const pairs = text.matchAll(
    new RegExp(`(?<![\\w.-])(${name})["'\`*_]{0,3}[ \\t]{0,3}[:=][ \\t"'\`*_]{0,6}([\\w./:@-]{1,253})`, 'gi'),
  )
  return [...pairs].slice(0, mostLabels).map(({ 1: label = '', 2: value = '', index }) => ({
    index,
    labels: { [names.find((it) => it.toLowerCase() === label.toLowerCase()) ?? label]: value.replace(/[.:]+$/, '') },
  }))
}

/** Lines that say what follows: `**Firing**`, `Alerts Resolved:`. */
function headingsIn(text: string): readonly { readonly index: number; readonly firing: boolean }[] {
  const lines = text.matchAll(/^[^\w\n]{0,10}(?:alerts? )?(firing|resolved)\b[^\w\n]{0,10}$/gim)
  return [...lines].map(({ 1: word = '', index }) => ({ index, firing: word.toLowerCase() === 'firing' }))
}
