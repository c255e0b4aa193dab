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

/** A message in Slack, as far as its words go. https://docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments/ */
export const postSchema = z.object({
  text: z.string().catch(''),
  attachments: z.array(attachment).catch([]),
  blocks: z.array(z.unknown()).catch([]),
})
export type Post = z.infer<typeof postSchema>

/** A part of a post: its own words, or one attachment. */
interface Piece {
  readonly text: string
  /** Of the attachment's bar, as Slack has it: `danger`, `2eb886`; empty: none. */
  readonly color: string
}

/** Characters that are read of a post, parts of it, and how deep its blocks are. */
const limits = { characters: 20_000, pieces: 100, depth: 10 } as const

/** Its parts in their order, without Slack's own markup. Of a text that stands twice, as a notification does, both stay. */
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

/** All its words, each piece on lines of its own. */
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

/** The elements of a rich text are the words of one line. */
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

/** https://docs.slack.dev/messaging/formatting-message-text/#escaping; of a link its label is a word of the post, not its address. */
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

type Told = Pick<Alert, 'target' | 'firing' | 'cluster' | 'severity' | 'name'>

/**
 * The alerts that a post tells of. Empty: none of the named rules. A post's own template may name labels, or values alone:
 * then all its words are kept that could be a name, to be compared with what fails in the cluster.
 * @param at Since when it says so: its own time, or that of its newest edit.
 */
export function readPost(post: Post, place: AlertPost, at: Date, rules: AlertRules): readonly Alert[] {
  const pieces = piecesOf(post)
  const text = pieces.map((it) => it.text).join('\n')
  const name = namedRule(text, rules) ?? (isOfSeveralRules(text) ? 'several rules' : undefined)
  if (name === undefined) return []
  const told = toldBy(text, pieces, name, rules)
  const all = new Map<string, Told>()
  for (const it of told) {
    const of = identityOf(place, it)
    if (!all.get(of)?.firing) all.set(of, it) // what says both fires
  }
  return [...all]
    .slice(0, postLimits.alerts)
    .map(([of, it]) => alertSchema.safeParse({ ...it, post: place, of, since: at.toISOString(), labels: {} }))
    .flatMap((it) => (it.success ? [it.data] : []))
}

function toldBy(text: string, pieces: readonly Piece[], name: string, rules: AlertRules): readonly Told[] {
  const status = postStatus(
    text,
    pieces.map(({ color }) => color),
  )
  const cluster = clusterIn(text, rules)
  const sets = labelSets(text, rules).filter((it) => isOwn(it, rules))
  const firing = firingOf(text, pieces, status.firing)
  const named = sets.flatMap((set): readonly Told[] => {
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

/** A set that names a rule which is not read is another alert of the same post. */
function isOwn({ labels }: LabelSet, rules: AlertRules): boolean {
  const name = labelValue(labels, 'alertname')
  return name === undefined || isNamed(name, rules) || rules.reasons.has(labelValue(labels, 'reason') ?? '')
}

/** Of an alert: its own label, its line, the heading above it, its attachment, the whole post, in this order. */
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

/** The only cluster of the configuration that is among the words; empty: none, or several. */
function clusterIn(text: string, { clusters }: AlertRules): string {
  const words = new Set(text.split(/[\s"'`*()[\]{},;|<>=]+|[:.](?=\s|$)/))
  const [only = '', another] = [...clusters].filter((it) => words.has(it))
  return another === undefined ? only : ''
}

/** A namespace, and the words beside it that have the form of names: those narrow it. */
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

/** Those that look most like generated names come first, so that a long post keeps them. */
function namesIn(text: string, { names }: AlertRules): ReadonlySet<string> {
  const fit = [...wordsOfPost(text)].filter((word) => word.length > 1 && !names.has(word))
  const ranked = fit.toSorted((a, b) => Number(/[-/]/.test(b)) - Number(/[-/]/.test(a)))
  return new Set(ranked.slice(0, postLimits.words))
}

/** Words that could be names, and `namespace/name` as one word. */
function wordsOfPost(text: string): ReadonlySet<string> {
  const words = text.split(/[\s"'`*_~()[\]{},;|<>=]+|[:.](?=\s|$)/)
  return new Set(
    words.filter((word) => {
      const [first = '', second, third] = word.split('/')
      return third === undefined && isKubernetesName(first) && (second === undefined || isKubernetesName(second))
    }),
  )
}

function identityOf({ channel, ts }: AlertPost, { target, cluster }: Told): string {
  return createHash('sha256')
    .update(JSON.stringify([channel, ts, target, cluster]))
    .digest('base64url')
    .slice(0, 22)
}
