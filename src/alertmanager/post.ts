import { createHash } from 'node:crypto'
import { z } from 'zod'
import { type Alert, type AlertPost, type AlertTarget, alertSchema } from '../incidents/alerts/alert.ts'
import { isKubernetesName } from '../kubernetes/resources.ts'
import { hasPodForm } from '../target/owner.ts'
import { type LabelSet, labelSets, severityOf } from './labels.ts'
import { headingsIn, postStatus, saidStatus, statusOfLine } from './post-status.ts'
import { isOfSeveralRules, namedRule } from './rule-names.ts'
import { type AlertRules, clusterOfLabels, isNamed, labelValue, targetOfLabels } from './rules.ts'

const field = z.object({ title: z.string().catch(''), value: z.string().catch('') })
const attachment = z.object({
  color: z.string().catch(''),
  pretext: z.string().catch(''),
  author_name: z.string().catch(''),
  title: z.string().catch(''),
  text: z.string().catch(''),
  fallback: z.string().catch(''),
  footer: z.string().catch(''),
  fields: z.array(field).catch([]),
  blocks: z.array(z.unknown()).catch([]),
})

/** The text of a Slack message. https://docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments/ */
export const postSchema = z.object({
  text: z.string().catch(''),
  attachments: z.array(attachment).catch([]),
  blocks: z.array(z.unknown()).catch([]),
})
export type Post = z.infer<typeof postSchema>

/** A part of a post: its own text, or one attachment. */
interface Piece {
  readonly text: string
  /** The colour of the attachment's bar: `danger`, `2eb886`. Empty: none. */
  readonly color: string
}

/** The characters, parts and nesting of blocks that are read of a post. */
const limits = { characters: 20_000, pieces: 100, depth: 10 } as const

/**
 * Returns the parts of a post in order, without Slack's markup. A text that occurs twice, such as the notification, stays
 * twice.
 */
function piecesOf({ text, attachments, blocks }: Post): readonly Piece[] {
  const own = [text, ...blocks.flatMap((block) => textsIn(block, 0))]
  const pieces = [
    { text: joined(own), color: '' },
    ...attachments.slice(0, limits.pieces).map((it) => ({ text: joined(wordsIn(it)), color: it.color })),
  ]
  let left: number = limits.characters
  return pieces.flatMap((it) => {
    const kept = plainOf(it.text.slice(0, left))
    left -= kept.length
    return kept.trim() === '' ? [] : [{ ...it, text: kept }]
  })
}

/** Returns the whole text of a post, each part on its own lines. */
export function wordsOf(post: Post): string {
  return piecesOf(post)
    .map(({ text }) => text)
    .join('\n')
}

function joined(texts: readonly string[]): string {
  return texts.filter(Boolean).join('\n')
}

function wordsIn(of: Post['attachments'][number]): readonly string[] {
  const words = [
    ...[of.pretext, of.author_name, of.title, of.text],
    ...of.fields.map(({ title, value }) => `${title}: ${value}`),
    ...of.blocks.flatMap((block) => textsIn(block, 0)),
  ]
  return words.some(Boolean) ? [...words, of.footer] : [of.fallback]
}

const element = z.object({ type: z.string().catch(''), elements: z.array(z.unknown()) })

/** Collects the texts in blocks. The elements of a rich text form one line. */
function textsIn(of: unknown, depth: number): readonly string[] {
  if (typeof of !== 'object' || of === null || depth > limits.depth) return []
  if (Array.isArray(of)) return of.flatMap((it) => textsIn(it, depth + 1))
  const rich = element.safeParse(of)
  if (rich.success && /^rich_text_(?:section|preformatted|quote)$/.test(rich.data.type))
    return [rich.data.elements.flatMap((it) => textsIn(it, depth + 1)).join('')]
  return Object.entries(of).flatMap(([key, value]) =>
    key === 'text' && typeof value === 'string' ? [value] : textsIn(value, depth + 1),
  )
}

/** https://docs.slack.dev/messaging/formatting-message-text/#escaping; of a link, the label is kept and the address is dropped. */
function plainOf(text: string): string {
  return text
    .replaceAll(/[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]/g, '')
    .replaceAll(/<[^<>|]{0,3000}\|([^<>]{0,3000})>/g, ' $1 ')
    .replaceAll(/<[^<>]{0,3000}>/g, ' ')
    .replaceAll('\\"', '"') // JSON in a text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}

const postLimits = { alerts: 200, words: 50 } as const

type ReportedAlert = Pick<Alert, 'target' | 'firing' | 'cluster' | 'severity' | 'name'>

/**
 * Reads the alerts in a post. Empty: the post is about none of the named rules. If a template gives only values without labels,
 * all words that may be names are kept, to be compared with the failures in the cluster.
 * @param at The time of the post, or of its newest edit.
 */
export function readPost(post: Post, place: AlertPost, at: Date, rules: AlertRules): readonly Alert[] {
  const pieces = piecesOf(post)
  const text = pieces.map((it) => it.text).join('\n')
  const name = namedRule(text, rules) ?? (isOfSeveralRules(text) ? 'several rules' : undefined)
  if (name === undefined) return []
  const reported = readAlerts(text, pieces, name, rules)
  const all = new Map<string, ReportedAlert>()
  for (const it of reported) {
    const of = identityOf(place, it)
    if (!all.get(of)?.firing) all.set(of, it) // firing wins over resolved
  }
  return [...all]
    .slice(0, postLimits.alerts)
    .map(([of, it]) => alertSchema.safeParse({ ...it, post: place, of, since: at.toISOString(), labels: {} }))
    .flatMap((it) => (it.success ? [it.data] : []))
}

function readAlerts(text: string, pieces: readonly Piece[], name: string, rules: AlertRules): readonly ReportedAlert[] {
  const status = postStatus(
    text,
    pieces.map(({ color }) => color),
  )
  const cluster = clusterIn(text, rules)
  const sets = labelSets(text, rules).filter((it) => isOwn(it, rules))
  const firing = firingOf(text, pieces, status.firing)
  const named = sets.flatMap((set): readonly ReportedAlert[] => {
    const target = targetOfLabels(set.labels)
    if (target.about === 'cluster') return []
    const own = clusterOfLabels(set.labels, rules.clusterLabel, rules.clusters)
    return [
      {
        target: sets.length === 1 && target.about === 'namespace' ? narrowed(target.namespace, text) : target,
        firing: firing(set),
        cluster: own || cluster,
        severity: severityOf(labelValue(set.labels, 'severity') ?? labelValue(set.labels, 'priority')),
        name: labelValue(set.labels, 'alertname') ?? name,
      },
    ]
  })
  if (named.length > 0) return named
  const several = name !== 'several rules' && (status.count ?? 1) > 1
  const words: AlertTarget = { about: 'words', words: [...namesIn(text, rules)].toSorted(), several }
  return [{ target: words, firing: status.firing, cluster, severity: 'warning', name }]
}

/** Whether a set belongs to a rule that is read. A post may contain alerts of other rules, too. */
function isOwn({ labels }: LabelSet, rules: AlertRules): boolean {
  const name = labelValue(labels, 'alertname')
  return name === undefined || isNamed(name, rules) || rules.reasons.has(labelValue(labels, 'reason') ?? '')
}

/**
 * Finds the state of an alert from its own label, its line, the heading above it, its attachment, or the whole post, in
 * this order.
 */
function firingOf(text: string, pieces: readonly Piece[], whole: boolean): (set: LabelSet) => boolean {
  const headings = headingsIn(text)
  const parts = pieces.filter(({ color }) => color !== '').length > 1 ? pieces : []
  let end = 0
  const spans = parts.map((it) => {
    const start = end
    end += it.text.length + 1
    return { start, end, firing: saidStatus(it.text, [it.color])?.firing }
  })
  return ({ index, firing }) =>
    firing ??
    statusOfLine(text, index) ??
    headings.findLast((it) => it.index < index)?.firing ??
    spans.find((it) => index >= it.start && index < it.end)?.firing ??
    whole
}

/** Finds the configured cluster that the text names. Empty: none, or several. */
function clusterIn(text: string, { clusters }: AlertRules): string {
  const words = new Set(text.split(/[\s"'`*()[\]{},;|<>=]+|[:.](?=\s|$)/))
  const [only = '', another] = [...clusters].filter((it) => words.has(it))
  return another === undefined ? only : ''
}

/** Narrows a namespace by other words of the text that have the form of names. */
function narrowed(namespace: string, text: string): AlertTarget {
  const names = [...wordsOfPost(text)].filter((it) => it !== namespace && /[a-z].*-/.test(it) && !it.includes('/'))
  const [pod, another] = names.filter((it) => hasPodForm(it))
  if (pod !== undefined && another === undefined) return { about: 'pod', namespace, pod }
  const marked = [
    ...text.matchAll(
      /[*`"]([a-z0-9][a-z0-9.-]{1,80})[*`"]|\b(?:incident|app|name|object|workload|resource)["'`*]{0,3}: {0,3}["'`*]{0,3}([a-z0-9][a-z0-9.-]{1,80})/gi,
    ),
  ]
  const others = marked
    .flatMap(([, one, other]) => (one ?? other ?? '').toLowerCase())
    .filter((it) => isKubernetesName(it) && it !== namespace)
  const words = [...new Set([...names, ...others])].slice(0, postLimits.words)
  return words.length === 0
    ? { about: 'namespace', namespace }
    : { about: 'words', namespace, words: words.toSorted(), several: false }
}

/** Collects possible names. Those that look generated come first, so that a long post keeps them. */
function namesIn(text: string, { names }: AlertRules): ReadonlySet<string> {
  const fit = [...wordsOfPost(text)].filter((word) => word.length > 1 && !names.has(word))
  const ranked = fit.toSorted((a, b) => Number(/[-/]/.test(b)) - Number(/[-/]/.test(a)))
  return new Set(ranked.slice(0, postLimits.words))
}

/** Splits a text into words that may be names. `namespace/name` is one word. */
function wordsOfPost(text: string): ReadonlySet<string> {
  const words = text.split(/[\s"'`*_~()[\]{},;|<>=]+|[:.](?=\s|$)/)
  return new Set(
    words.filter((word) => {
      const [first = '', second, third] = word.split('/')
      return third === undefined && isKubernetesName(first) && (second === undefined || isKubernetesName(second))
    }),
  )
}

function identityOf({ channel, ts }: AlertPost, { target, cluster }: ReportedAlert): string {
  return createHash('sha256')
    .update(JSON.stringify([channel, ts, target, cluster]))
    .digest('base64url')
    .slice(0, 22)
}
