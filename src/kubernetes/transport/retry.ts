import type { Answer } from './transport.ts'

/** What became of a request: an answer, or what was thrown instead. */
export type Outcome = Answer | { readonly thrown: unknown }

interface Rule {
  readonly attempts: number
  /** Milliseconds before the next attempt, when the server names no time. */
  readonly pause: number
}

/** The only place that decides after how long something is asked again. Whether it may be is its question's matter. */
const rules: readonly (readonly [what: ReadonlySet<number | string>, rule: Rule])[] = [
  // Priority and fairness (429) and a server that starts or stops (503): both come with Retry-After, mostly 1 s.
  [new Set([429, 503]), { attempts: 3, pause: 500 }],
  // A kept connection that the server, or something on the way, has closed meanwhile.
  [
    new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_INFO', 'ERR_HTTP2_GOAWAY_SESSION']),
    { attempts: 2, pause: 0 },
  ],
]
/** Milliseconds. A server that wants a longer rest is left alone, and the question stays without an answer. */
const longestPause = 5_000

/** Milliseconds to wait before the same request is sent again. undefined: that outcome stands. */
export function retryPause(outcome: Outcome, attempts: number): number | undefined {
  const what = 'thrown' in outcome ? codeOf(outcome.thrown) : outcome.status
  const rule = rules.find(([outcomes]) => outcomes.has(what))?.[1]
  if (!rule || attempts >= rule.attempts) return undefined
  const told = 'thrown' in outcome ? undefined : outcome.retryAfter
  const pause = told === undefined ? rule.pause : told * 1_000
  return pause <= longestPause ? pause : undefined
}

function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
}
