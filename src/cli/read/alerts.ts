import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { labelSets } from '../../alertmanager/labels.ts'
import { parsePayload, readPayload } from '../../alertmanager/payload.ts'
import { type Post, postSchema, readPost, wordsOf } from '../../alertmanager/post.ts'
import { ruleOf } from '../../alertmanager/rule-names.ts'
import type { AlertRules } from '../../alertmanager/rules.ts'
import { whyNothing } from '../../alertmanager/webhook.ts'
import { toAlertRules } from '../../app/from-config.ts'
import { configurationSchema } from '../../config/configuration.ts'
import type { Alert, AlertTarget } from '../../incidents/alerts/alert.ts'
import { matchAlerts } from '../../incidents/alerts/match.ts'
import type { Failure } from '../../incidents/failure.ts'
import { visible } from '../../text.ts'
import { CommandError } from '../errors.ts'
import { BadInput, type Reader, type ReadOptions } from './reader.ts'

/**
 * Makes the rules from `--names`, `--patterns` and `--clusters`. Options that are not given have the configuration's
 * defaults. Throws CommandError.
 */
export function rulesOf({ names, patterns, clusters }: ReadOptions): AlertRules {
  const parsed = configurationSchema.safeParse({
    alerts: { ...listed('names', names), ...listed('patterns', patterns) },
    clusters: wordsIn(clusters).map((name) => ({ name })),
  })
  if (parsed.success) return toAlertRules(parsed.data)
  const said = parsed.error.issues[0]?.message ?? 'is not valid'
  throw new CommandError(2, 'usage', `A name or pattern ${said}.`, 'See `alerts` in deploy/reference.md.', [], {
    cause: parsed.error,
  })
}

function listed(key: string, value: unknown): object {
  if (value === undefined) return {}
  return { [key]: Array.isArray(value) ? value : wordsIn(value) }
}

function wordsIn(value: unknown): readonly string[] {
  if (typeof value !== 'string') return []
  return value
    .split(',')
    .map((it) => it.trim())
    .filter(Boolean)
}

/** Returns an alert in the form that `read` prints. */
export function shownAlert({ firing, cluster, target }: Alert): object {
  return { status: firing ? 'firing' : 'resolved', ...(cluster && { cluster }), target: shownTarget(target) }
}

/** A target without a kind is a pod. */
function shownTarget(target: AlertTarget): object {
  switch (target.about) {
    case 'cluster':
      return { everything: true }
    case 'namespace':
      return { namespace: target.namespace }
    case 'pod':
      return { namespace: target.namespace, name: target.pod }
    case 'workload':
      return { namespace: target.namespace, ...(target.kind && { kind: target.kind }), name: target.name }
    case 'words':
      return { ...(target.namespace && { namespace: target.namespace }), words: target.words }
  }
}

/** Reads a webhook body. Returns `{"alerts"}`, `{"ignored"}` or `{"refused"}`. */
export function createWebhookReader(options: ReadOptions): Reader {
  const rules = rulesOf(options)
  return (input) => {
    const parsed = parsePayload(typeof input === 'string' ? jsonOf(input) : input)
    if (!parsed.valid) return { refused: parsed.reason }
    const read = readPayload(parsed.payload, rules, new Date())
    const { alerts, ...more } = read
    const answer = alerts.length > 0 ? { alerts: alerts.map(shownAlert) } : { ignored: whyNothing(read) }
    return { ...answer, ...(options.explain && { explain: { ...more, names: alerts.map(({ name }) => name) } }) }
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const failingSchema = z.array(
  z.object({
    id: z.string(),
    cluster: z.string().catch(''),
    namespace: z.string(),
    pod: z.string(),
    workload: z.object({ kind: z.string(), name: z.string() }),
  }),
)
type Failing = z.infer<typeof failingSchema>[number]

const place = { channel: 'C00000000', ts: '0.000001' }

/**
 * Reads a Slack message in the form of Slack's API. Returns `{"alerts"}` or `{"ignored"}`. With `--failing`, `means` of each
 * alert lists the ids of the failures that it is about. Throws CommandError if that file cannot be used.
 */
export async function createPostReader(options: ReadOptions): Promise<Reader> {
  const failing = typeof options.failing === 'string' ? await failingIn(options.failing) : undefined
  const rules = rulesOf(options)
  const known = new Set([...rules.clusters, ...(failing ?? []).map(({ cluster }) => cluster)].filter(Boolean))
  const own = { ...rules, clusters: known }
  return (input) => {
    const post = postSchema.safeParse(messageOf(input))
    if (!post.success) throw new BadInput('expected a Slack message: {"text", "attachments"?, "blocks"?}')
    const alerts = readPost(post.data, place, new Date(), own)
    const explain = options.explain && { explain: explanationOf(post.data, alerts, own) }
    if (alerts.length === 0) return { ignored: whyIgnored(post.data), ...explain }
    const shown = alerts.map((it) => ({ ...shownAlert(it), ...(failing && { means: meantBy(it, failing) }) }))
    return { alerts: shown, ...explain }
  }
}

/** Accepts a message, the event that delivered it, or its text alone. */
function messageOf(input: unknown): unknown {
  if (typeof input !== 'string') return unwrapped(input)
  try {
    return unwrapped(JSON.parse(input))
  } catch {
    return { text: input }
  }
}

function unwrapped(input: unknown): unknown {
  if (typeof input !== 'object' || input === null) return input
  if ('event' in input) return unwrapped(input.event)
  return 'message' in input && typeof input.message === 'object' ? input.message : input
}

function whyIgnored(post: Post): string {
  const text = wordsOf(post)
  if (text.trim() === '') return 'it has no text'
  return `it names no rule listed in alerts.names; it seems to be from "${visible(ruleOf(text))}"`
}

function explanationOf(post: Post, alerts: readonly Alert[], rules: ReturnType<typeof rulesOf>): object {
  return { rules: [...new Set(alerts.map(({ name }) => name))], labels: labelSets(wordsOf(post), rules) }
}

/** Matches an alert in each cluster that it may belong to, as the bot does. */
function meantBy(alert: Alert, failing: readonly Failing[]): readonly string[] {
  const clusters = new Set(failing.map(({ cluster }) => cluster))
  const asked = failing.filter(({ cluster }) => !clusters.has(alert.cluster) || cluster === alert.cluster)
  return [...Map.groupBy(asked, ({ cluster }) => cluster)].flatMap(([cluster, of]) => {
    const failures = new Map(of.map((it) => [failureOf(it), it.id]))
    const namespaces = new Set(of.map(({ namespace }) => namespace))
    const told = matchAlerts(
      [{ version: 1, cluster, target: alert.target, heard: [] }],
      [...failures.keys()],
      namespaces,
    )
    return [...told.keys()].flatMap((it) => failures.get(it) ?? [])
  })
}

function failureOf({ cluster, namespace, pod, workload }: Failing): Failure {
  return {
    ...{ cluster, namespace, pod, uid: '', node: '', image: '', host: '', at: 'nowhere', secrets: [], since: '' },
    workload: { ...workload, key: `${namespace}/${workload.kind}/${workload.name}` },
  }
}

async function failingIn(file: string): Promise<readonly Failing[]> {
  try {
    return failingSchema.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch (error) {
    const hint = 'It is a JSON list of {"id", "cluster", "namespace", "pod", "workload": {"kind", "name"}}.'
    throw new CommandError(2, 'unreadable', `${visible(file)} cannot be used.`, hint, [], { cause: error })
  }
}
