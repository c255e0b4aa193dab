import { setTimeout as wait } from 'node:timers/promises'

/** The time of a simulation. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Milliseconds. Throws when the signal is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => wait(ms, undefined, { ...(signal && { signal }) }),
}

export interface SettableClock extends Clock {
  /** From now on it is `time`, and `speed` seconds go by in one real second. */
  set(time: number, speed: number): void
}

/** Milliseconds: what a timer of Node takes, 24 days. A longer one would end at once. */
const longest = 2 ** 31 - 1

/** A clock that can be put back, and can run fast: what a cluster tells of last week has to happen first. */
export function settableClock(time = Date.now(), speed = 1): SettableClock {
  let origin = { time, speed, real: performance.now() }
  return {
    now: () => origin.time + (performance.now() - origin.real) * origin.speed,
    sleep: (ms, signal) => wait(Math.min(ms / origin.speed, longest), undefined, { ...(signal && { signal }) }),
    set(time, speed) {
      origin = { time, speed, real: performance.now() }
    },
  }
}

/** RFC 3339 in UTC, in seconds: what Kubernetes writes. */
export function timestamp(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
}
