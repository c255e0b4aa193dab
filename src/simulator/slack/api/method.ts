import { z } from 'zod'
import type { Platform, Scope } from '../platform.ts'
import type { Tier } from './rate-limiter.ts'
import { Refusal } from './replies.ts'

export type Arguments = Readonly<Record<string, unknown>>
/** The fields of an answer next to `ok: true`. */
export type Answer = Readonly<Record<string, unknown>>

/** A method of the Web API. */
export interface Method {
  readonly tier: Tier
  readonly token: 'bot' | 'app' | 'none'
  /** The scope that every call needs. */
  readonly scope?: Scope
  /** Throws Refusal. */
  answer(platform: Platform, args: Arguments): Answer
}

export interface MethodSpec<Schema extends z.ZodType> {
  readonly tier: Tier
  readonly token?: Method['token']
  readonly scope?: Scope
  readonly args: Schema
  run(platform: Platform, args: z.infer<Schema>): Answer
}

/** Makes a method that parses its arguments. Wrong or unknown arguments are `invalid_arguments`. */
export function method<Schema extends z.ZodType>({ args, run, token = 'bot', ...rest }: MethodSpec<Schema>): Method {
  return {
    ...rest,
    token,
    answer(platform, given) {
      const parsed = args.safeParse(given)
      if (parsed.success) return run(platform, parsed.data)
      const messages = parsed.error.issues.map(
        (issue) => `[ERROR] ${issue.message} [json-pointer:/${issue.path.join('/')}]`,
      )
      throw new Refusal('invalid_arguments', { response_metadata: { messages } })
    },
  }
}

/** Schemas for arguments of forms, whose values are strings. */
export const argument = {
  /** A missing channel counts as not found. */
  channel: z.string().default(''),
  text: z.string().min(1),
  ts: z.string().regex(/^\d{10}\.\d{6}$/, { error: 'invalid_ts' }),
  flag: z
    .union([z.boolean(), z.enum(['true', '1', 'false', '0']).transform((flag) => flag === 'true' || flag === '1')])
    .optional(),
  limit: z.coerce.number().int().min(1).max(1_000).optional(),
  cursor: z.string().optional(),
  /** `a,b` */
  list: z
    .string()
    .transform((list) => list.split(','))
    .optional(),
} as const

/** Throws Refusal `missing_scope` with the needed and the provided scopes. */
export function demandScope({ scopes }: Platform, scope: Scope): void {
  if (!scopes.has(scope)) throw new Refusal('missing_scope', { needed: scope, provided: [...scopes].join(',') })
}

/** Items. */
const defaultLimit = 100

export interface Page<Item> {
  readonly items: readonly Item[]
  /** Empty on the last page. */
  readonly next: string
}

/** https://docs.slack.dev/apis/web-api/pagination: opaque cursors. */
export function pageOf<Item>(items: readonly Item[], cursor = '', limit = defaultLimit): Page<Item> {
  const from = cursor === '' ? 0 : startOf(cursor)
  if (from === undefined) throw new Refusal('invalid_cursor')
  const to = from + limit
  const next = to < items.length ? Buffer.from(`from:${to}`).toString('base64') : ''
  return { items: items.slice(from, to), next }
}

function startOf(cursor: string): number | undefined {
  const digits = /^from:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString())?.[1]
  return digits === undefined ? undefined : Number(digits)
}
