import { z } from 'zod'
import { Refusal } from './refusal.ts'

/** In a form these hold JSON. https://docs.slack.dev/apis/web-api/#post_bodies */
const json = new Set(['attachments', 'blocks', 'loading_messages', 'message', 'metadata', 'view'])
/** In a form these hold `true` or `false`. */
const flags = new Set([
  ...['as_user', 'link_names', 'mrkdwn', 'reply_broadcast', 'unfurl_links', 'unfurl_media'],
  ...['replace_original', 'delete_original'],
])
/** What every call may hold, and no method looks at. Bolt sends `team_id` along with every call. */
const common = new Set(['token', 'team_id'])

const objectSchema = z.record(z.string(), z.unknown())

export interface Decoded {
  /** Where a form names it. JSON may not. */
  readonly token?: string
  readonly args: Readonly<Record<string, unknown>>
}

/** The arguments of a call, from a form with JSON inside or from JSON. Throws Refusal. */
export function decodeArguments(body: string, contentType: string): Decoded {
  const isJson = contentType.startsWith('application/json')
  const fields = isJson ? fromJson(body) : fromForm(body)
  const { token } = fields
  return {
    ...(!isJson && typeof token === 'string' && { token }),
    args: Object.fromEntries(Object.entries(fields).filter(([name]) => !common.has(name))),
  }
}

function fromJson(body: string): Readonly<Record<string, unknown>> {
  const parsed = objectSchema.safeParse(parsedOr(body || '{}', undefined))
  if (!parsed.success) throw new Refusal('invalid_json')
  return parsed.data
}

function fromForm(body: string): Readonly<Record<string, unknown>> {
  return Object.fromEntries([...new URLSearchParams(body)].map(([name, value]) => [name, decoded(name, value)]))
}

function decoded(name: string, value: string): unknown {
  if (json.has(name)) return parsedOr(value, value)
  if (flags.has(name)) return value === 'true' || value === '1'
  return value
}

/** What is no JSON is left for the method to refuse. */
function parsedOr(text: string, otherwise: unknown): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return otherwise
  }
}
