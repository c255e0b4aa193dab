import type { z } from 'zod'

/** Slack's error codes. Only `invalid_…` comes with messages. */
export type ProblemError =
  | 'invalid_arguments'
  | 'invalid_attachments'
  | 'invalid_blocks'
  | 'invalid_blocks_format'
  | 'invalid_metadata_format'
  | 'markdown_text_conflict'
  | 'metadata_too_large'
  | 'msg_blocks_too_long'
  | 'msg_too_long'
  | 'no_text'
  | 'view_too_large'
  | 'house_rule'

export interface Problem {
  /** Slack's error code. `house_rule`: only our own rules refuse it. */
  readonly error: ProblemError
  /** RFC 6901: `/blocks/0/text/text`. */
  readonly pointer: string
  /** Slack's message, if it is known: "must be less than 3001 characters". */
  readonly message: string
}

type Finding = Omit<Problem, 'error'>

/**
 * Validates a value against a schema, with the messages of the validator that Slack published:
 * https://github.com/slackhq/hack-json-schema/tree/main/src/Constraints
 */
export function issuesOf(schema: z.ZodType, value: unknown, at: string): readonly Finding[] {
  const parsed = schema.safeParse(value, { reportInput: true })
  return parsed.error?.issues.flatMap((issue) => findings(issue, at)) ?? []
}

function findings(issue: z.core.$ZodIssue, at: string): readonly Finding[] {
  const pointer = jsonPointer(at, issue.path)
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ pointer, message: `invalid additional property: ${key}` }))
  if (issue.code === 'invalid_union') return [unmatched(issue, at)]
  if (issue.input === undefined && issue.path.length > 0 && issue.code !== 'custom') return [missing(issue.path, at)]
  return [{ pointer, message: words(issue) }]
}

function missing(path: readonly PropertyKey[], at: string): Finding {
  return { pointer: jsonPointer(at, path.slice(0, -1)), message: `missing required field: ${String(path.at(-1))}` }
}

/** Describes a value that matches no member of a union. */
function unmatched(issue: z.core.$ZodIssueInvalidUnion, at: string): Finding {
  if (issue.discriminator === undefined)
    return { pointer: jsonPointer(at, issue.path), message: 'failed to match any allowed schemas' }
  const type = typeOf(issue.input)
  if (type === undefined) return missing(issue.path, at)
  return { pointer: jsonPointer(at, issue.path), message: `unsupported type: ${String(type)}` }
}

function typeOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined
}

const articles: Readonly<Record<string, string>> = {
  array: 'must provide an array',
  boolean: 'must be a boolean',
  int: 'must provide an integer',
  object: 'must provide an object',
  string: 'must provide a string',
}

function words(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return articles[issue.expected] ?? 'must provide a number'
    case 'invalid_value':
      return 'must be a valid enum value'
    case 'too_big':
      return tooBig(issue.origin, Number(issue.maximum))
    case 'too_small':
      return tooSmall(issue.origin, Number(issue.minimum))
    default:
      return issue.message
  }
}

function tooBig(origin: string, maximum: number): string {
  if (origin === 'string') return `must be less than ${maximum + 1} characters`
  return origin === 'array' ? `no more than ${maximum} items allowed` : `must be less than ${maximum}`
}

function tooSmall(origin: string, minimum: number): string {
  if (origin === 'string') return `must be more than ${minimum - 1} characters`
  return origin === 'array' ? `must provide at least ${minimum} items` : `must be greater than ${minimum}`
}

/** Makes a JSON pointer (RFC 6901) from a base and steps. */
function jsonPointer(at: string, steps: readonly PropertyKey[]): string {
  return steps.reduce<string>(
    (pointer, step) => `${pointer}/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`,
    at,
  )
}
