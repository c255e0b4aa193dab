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
  /** Sets the time. From then on, `speed` seconds pass in one real second. */
  set(time: number, speed: number): void
}

/** Milliseconds: the limit of Node's timers, 24 days. A longer timer would end at once. */
const longest = 2 ** 31 - 1

/** A clock that can be set back and can run fast, to create the history of a cluster. */
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

/** Writes RFC 3339 in UTC with seconds, as Kubernetes does. */
export function timestamp(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
}
