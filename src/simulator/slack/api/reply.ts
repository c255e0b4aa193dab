/** What the local Slack answers a request with, or how it fails to. */
export type Reply =
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      /** JSON; a string stays as it is. */
      readonly body: unknown
    }
  | { readonly kind: 'hang' }
  | { readonly kind: 'reset' }

/** https://docs.slack.dev/apis/web-api/rate-limits#responding-to-rate-limiting-conditions */
export function tooManyRequests(seconds: number): Reply {
  const body = { ok: false, error: 'ratelimited' }
  return { kind: 'answer', status: 429, headers: { 'retry-after': String(seconds) }, body }
}
