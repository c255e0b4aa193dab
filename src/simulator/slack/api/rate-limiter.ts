import type { Clock } from '../../clock.ts'

export interface Rate {
  readonly calls: number
  /** Milliseconds. */
  readonly window: number
}

/** The rate limit of a method. https://docs.slack.dev/apis/web-api/rate-limits says "at least"; here it is exact. */
export type Tier = 1 | 2 | 3 | 4 | 'special'

const minute = 60_000

/** "A small amount of burst behavior is tolerated" in tier 1. Slack documents no figure for special methods. */
export const tiers: Readonly<Record<Tier, Rate>> = {
  1: { calls: 5, window: minute },
  2: { calls: 20, window: minute },
  3: { calls: 50, window: minute },
  4: { calls: 100, window: minute },
  special: { calls: 600, window: minute },
}

/** "One message per second per channel, short bursts of more than one message allowed." */
export const postingRate: Rate = { calls: 3, window: 3_000 }

export interface RateLimiter {
  /**
   * Counts a call. Returns the seconds to wait if the limit is reached; such a call does not count. undefined: the call is
   * allowed.
   */
  take(key: string, rate: Rate): number | undefined
}

/** Makes a rate limiter with sliding windows. */
export function createRateLimiter(clock: Clock): RateLimiter {
  const taken = new Map<string, readonly number[]>()
  return {
    take(key, { calls, window }) {
      const now = clock.now()
      const recent = (taken.get(key) ?? []).filter((at) => at > now - window)
      const [oldest] = recent
      if (oldest !== undefined && recent.length >= calls) return Math.max(1, Math.ceil((oldest + window - now) / 1_000))
      taken.set(key, [...recent, now])
      return undefined
    },
  }
}
