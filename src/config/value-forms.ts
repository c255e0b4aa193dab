import { z } from 'zod'

// Every `error` completes the sentence "<key> is <value>: it …". `mustBe` writes the others.
// Repetitions are bounded and do not overlap, so that each expression takes linear time.

export function textThat(fits: (text: string) => boolean, error: string) {
  return z.string({ error }).refine(fits, { error })
}

function isNamespace(text: string): boolean {
  return /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text)
}

export const clusterName = textThat((it) => /^[^\s\p{C}]{1,253}$/u.test(it), 'must be a name without blanks')
export const namespace = textThat(
  isNamespace,
  'must be the name of a namespace (leave the list empty for all namespaces)',
)
export const namespaceOrAny = textThat(
  (it) => it === '*' || isNamespace(it),
  'must be the name of a namespace, or "*" for any',
)
export const path = textThat((it) => /^[^\p{C}]{1,4096}$/u.test(it), 'must be a path')
export const host = textThat(
  (it) => /^(?:[a-z0-9][a-z0-9.-]{0,252}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/.test(it),
  'must be a host as in image names: lower case, with its port, without https:// and path',
)

export const domain = textThat(
  (it) => /^[a-z0-9][a-z0-9-]{0,62}(?:\.[a-z0-9][a-z0-9-]{0,62}){0,10}$/.test(it),
  'must be a DNS domain in lower case, such as cluster.local',
)

/** The first letter of an id names its type: https://docs.slack.dev/reference */
export function slackId(letters: string, of: string, example: string) {
  return textThat((it) => isSlackId(letters, it), `must be the id of a ${of}, such as ${example}`)
}

export function slackIdOrAny(letters: string, of: string, example: string) {
  const error = `must be the id of a ${of}, such as ${example}, or "*" for any`
  return textThat((it) => it === '*' || isSlackId(letters, it), error)
}

function isSlackId(letters: string, text: string): boolean {
  return letters.includes(text.charAt(0)) && /^[A-Z][A-Z0-9]{7,30}$/.test(text)
}

/** A path with placeholders. A star matches within one path segment. */
export const template = textThat(
  (it) => it.length <= 1_024 && it.split('/').every(isStep),
  'must be a path below the directory, of letters, digits, ". _ - *", {namespace} and {name}, without ".." and "**"',
)

function isStep(text: string): boolean {
  return /^(?:[\w.*-]|\{namespace\}|\{name\}){1,255}$/.test(text) && !/^\.{1,2}$|\*\*/.test(text)
}

/** Labels of an alert or a pod: `team: payments`. */
export const labels = z.record(
  textThat((it) => /^[A-Za-z_][\w./-]{0,252}$/.test(it), 'must be the name of a label'),
  z.string(),
)

/** A template of an alert post: `Pod: {pod}`. Each placeholder occurs once, with text between two of them. */
export const pattern = textThat(
  isPattern,
  'must be text of a post with {pod} or {namespace}, and optionally {cluster}: each at most once, with other text between two of them',
)

function isPattern(text: string): boolean {
  const names = [...text.matchAll(/\{([^{}]*)\}/g)].map(([, name]) => name)
  const known = names.every((it) => it === 'pod' || it === 'namespace' || it === 'cluster')
  const left = text.replaceAll(/\{(?:pod|namespace|cluster)\}/g, ' ')
  const once = new Set(names).size === names.length
  const hasName = names.includes('pod') || names.includes('namespace')
  return text.length <= 200 && known && once && hasName && !left.includes('{') && !/\}\{/.test(text)
}

const milliseconds: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const durationForm = 'a number and its unit, such as 30s, 5m, 12h or 30d'

/** Parses `30m` into milliseconds. Both limits are durations and inclusive. */
export function duration({ least, most }: { readonly least: string; readonly most: string }) {
  const error = `must be ${durationForm}, from ${least} to ${most}`
  const range = { least: inMilliseconds(least) ?? 0, most: inMilliseconds(most) ?? Number.POSITIVE_INFINITY }
  return z.string({ error }).transform((text, context) => {
    const value = inMilliseconds(text)
    if (value !== undefined && value >= range.least && value <= range.most) return value
    context.addIssue({ code: 'custom', message: error, input: text })
    return z.NEVER
  })
}

function inMilliseconds(text: string): number | undefined {
  const [, count, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  const each = milliseconds[unit]
  return each === undefined ? undefined : Number(count) * each
}

const types: Readonly<Record<string, string>> = {
  object: 'keys with values',
  array: 'a list',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
}

/** The error for an issue without one of its own: "must be a list". zod calls it for each issue. */
export function mustBe(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_type') return `must be ${types[issue.expected] ?? issue.expected}`
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.map(String).join(', ')}`
  if (issue.code === 'too_small') return `must be at least ${issue.minimum}`
  if (issue.code === 'too_big') return `must be at most ${issue.maximum}`
  return undefined
}
