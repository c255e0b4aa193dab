import type { Reply } from './reply.ts'

/** https://docs.slack.dev/apis/web-api/rate-limits#responding-to-rate-limiting-conditions */
export function tooManyRequests(seconds: number): Reply {
  const body = { ok: false, error: 'ratelimited' }
  return { kind: 'answer', status: 429, headers: { 'retry-after': String(seconds) }, body }
}
