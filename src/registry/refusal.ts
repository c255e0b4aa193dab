import { z } from 'zod'
import { redact } from '../secret.ts'
import { parseChallenges } from './auth/challenge.ts'
import type { HttpAnswer } from './http/guarded-http.ts'
import { readQuota, readRetryAfter } from './manners/limits.ts'
import type { Asked, Refusal } from './registry.ts'

// Distribution specification 1.1, "Error Codes".
const errors = z.object({
  errors: z.array(z.object({ code: z.string().default(''), message: z.string().nullish() })).min(1),
})
const messageLimit = 300
/** By these a registry keeps back what it has: Harbor's project policies, and laws. */
const policies: ReadonlySet<number> = new Set([412, 451])

/** Turns an HTTP answer that is not the wanted one into what it means. */
export function readRefusal(answer: HttpAnswer, asked: Asked, by: 'registry' | 'token-server' = 'registry'): Refusal {
  const { status, headers } = answer
  const said = saidBy(answer)
  if (status === 401) {
    const [challenge] = parseChallenges(headers['www-authenticate'] ?? '')
    return { status: 'unauthorized', asked, http: status, by, ...(challenge && { scheme: challenge.scheme }), ...said }
  }
  if (status === 403) return { status: 'denied', asked, by, ...said }
  if (status === 404 && (said.code || !isPage(headers))) return { status: 'missing', asked, ...said }
  if (status === 429) {
    const retryAfter = readRetryAfter(headers, Date.now())
    const quota = readQuota(headers)
    return {
      status: 'rate-limited',
      asked,
      ...(retryAfter && { retryAfter }),
      ...(quota && { quota }),
      ...(said.message && { message: said.message }),
    }
  }
  if (status >= 500)
    return { status: 'server-error', asked, http: status, ...(said.message && { message: said.message }) }
  if (policies.has(status) && said.code) return { status: 'denied', asked, by, http: status, ...said }
  const contentType = headers['content-type']
  return { status: 'not-a-registry', asked, http: status, ...(contentType && { contentType }) }
}

/** The registry's own code and message. A HEAD has no body, and a proxy's body is no registry's. */
function saidBy({ body }: HttpAnswer): { readonly code?: string; readonly message?: string } {
  const parsed = errors.safeParse(parseJson(body))
  const first = parsed.data?.errors[0]
  if (!first) return saidPlainly(body)
  const message = redact(first.message ?? '').slice(0, messageLimit)
  return { ...(first.code && { code: first.code.slice(0, 60) }), ...(message && { message }) }
}

// Token servers keep to no form: Docker Hub says `details`, others `message` or `error`.
const plain = z.object({ details: z.string(), message: z.string(), error: z.string() }).partial()

function saidPlainly(body: string): { readonly message?: string } {
  const parsed = plain.safeParse(parseJson(body)).data
  const message = redact(parsed?.details ?? parsed?.message ?? parsed?.error ?? '').slice(0, messageLimit)
  return message ? { message } : {}
}

export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

function isPage(headers: HttpAnswer['headers']): boolean {
  return /\btext\/html\b/.test(headers['content-type'] ?? '')
}
