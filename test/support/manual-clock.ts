import type { Clock } from '../../src/simulator/clock.ts'

export interface ManualClock extends Clock {
  /** Moves on, and lets what waited for it happen. */
  advance(ms: number): Promise<void>
}

interface Sleeper {
  readonly until: number
  wake(): void
}

/** Stands still until it is moved. It begins now, so that signatures are fresh. */
export function manualClock(start = Date.now()): ManualClock {
  let now = start
  const sleepers = new Set<Sleeper>()

  function sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const slept = Promise.withResolvers<void>()
    const sleeper: Sleeper = { until: now + ms, wake: slept.resolve }
    const stop = (): void => {
      sleepers.delete(sleeper)
      slept.reject(signal?.reason)
    }
    sleepers.add(sleeper)
    if (signal?.aborted) stop()
    else if (ms === 0) sleeper.wake()
    signal?.addEventListener('abort', stop, { once: true })
    return slept.promise
  }

  return {
    now: () => now,
    sleep,
    async advance(ms) {
      now += ms
      for (const sleeper of [...sleepers].filter(({ until }) => until <= now)) {
        sleepers.delete(sleeper)
        sleeper.wake()
      }
      await new Promise((resolve) => setImmediate(resolve))
    },
  }
}
