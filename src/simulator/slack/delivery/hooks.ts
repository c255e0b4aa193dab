import { withFault } from '../api/faults.ts'
import { Refusal } from '../api/refusal.ts'
import type { Reply } from '../api/reply.ts'
import type { Platform } from '../platform.ts'

const gone = new Set(['not_found', 'expired_url', 'used_url'])

/**
 * A POST to a response_url. Its refusals have a status of their own, unlike those of the Web API; which one is not
 * documented but for 404. Faults go by the name `response_url`.
 */
export function answerHook(platform: Platform, path: string, body: string): Reply {
  const at = platform.clock.now()
  const fault = platform.faults.next('response_url')
  const reply = withFault(fault, () => {
    try {
      platform.responseUrls.respond(path, parsed(body))
      return { kind: 'answer', status: 200, body: 'ok' }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const status = gone.has(error.code) ? 404 : 400
      return { kind: 'answer', status, body: { ok: false, error: error.code, ...error.details } }
    }
  })
  const ok = reply.kind === 'answer' && reply.status === 200
  const error = fault?.kind ?? errorOf(reply)
  platform.calls.push({ method: 'response_url', at, ok, ...(!ok && error && { error }) })
  return reply
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    throw new Refusal('invalid_json')
  }
}

function errorOf(reply: Reply): string | undefined {
  const body: unknown = reply.kind === 'answer' ? reply.body : undefined
  return typeof body === 'object' && body !== null && 'error' in body ? String(body.error) : undefined
}
