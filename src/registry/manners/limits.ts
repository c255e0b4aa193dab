/** How often a registry lets itself be asked, by its own headers. */
export interface Quota {
  /** Pulls in one window, and how many of them are left. */
  readonly limit: number
  readonly remaining: number
  /** Seconds of one window. */
  readonly window: number
  /** Whose pulls are counted: those of the address that asks, or those of the account that is logged in. */
  readonly counts: 'address' | 'account'
}

type Headers = Readonly<Record<string, string>>

/** Seconds: whoever asks for a longer wait is asked again after a day. */
const longestWait = 86_400

/**
 * Returns the seconds to wait of a Retry-After header, which is a number or a date (RFC 9110, 10.2.3). A date counts from
 * the answer's own Date, because the two clocks may differ. `now`: milliseconds. undefined: the header is absent or invalid.
 */
export function readRetryAfter(headers: Headers, now: number): number | undefined {
  const written = headers['retry-after']?.trim()
  if (!written) return undefined
  if (/^\d{1,10}$/.test(written)) return Math.min(Number(written), longestWait)
  const until = /^[A-Z][a-z]{2,8},? .{10,30} GMT$/.test(written) ? Date.parse(written) : Number.NaN
  const answered = Date.parse(headers.date ?? '')
  const seconds = Math.ceil((until - (Number.isNaN(answered) ? now : answered)) / 1_000)
  return Number.isNaN(seconds) ? undefined : Math.min(Math.max(seconds, 0), longestWait)
}

/**
 * Reads the quota that Docker Hub reports: `ratelimit-limit: 100;w=21600`, `ratelimit-remaining: 76;w=21600`, and whose it
 * is in `docker-ratelimit-source`: an IP address, or the id of an account.
 * https://docs.docker.com/docker-hub/usage/pulls/#view-hourly-pull-rate-and-limit
 */
export function readQuota(headers: Headers): Quota | undefined {
  const [, limit, window] = /^(\d{1,9});w=(\d{1,9})$/.exec(headers['ratelimit-limit']?.trim() ?? '') ?? []
  const [, remaining] = /^(\d{1,9})(?:;w=\d{1,9})?$/.exec(headers['ratelimit-remaining']?.trim() ?? '') ?? []
  if (!limit || !window || !remaining) return undefined
  const isAccount = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(headers['docker-ratelimit-source'] ?? '')
  const counts = isAccount ? 'account' : 'address'
  return { limit: Number(limit), remaining: Number(remaining), window: Number(window), counts }
}
