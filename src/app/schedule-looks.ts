import { setTimeout as sleep } from 'node:timers/promises'
import type { Queue } from '../queue/queue.ts'

interface Looks {
  readonly clusters: readonly string[]
  /** Milliseconds. */
  readonly every: number
  readonly onError: (error: unknown) => void
}

/** Milliseconds. */
const pause = 1_000

/** Has every cluster looked at from time to time. The queue's server may be away: this goes on until it is there. */
export async function scheduleLooks(queue: Queue, looks: Looks, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      for (const cluster of looks.clusters) await queue.every('look', cluster, looks.every)
      return
    } catch (error) {
      if (!signal.aborted) looks.onError(error)
      await sleep(pause, undefined, { signal }).catch(() => undefined) // told to end
    }
  }
}
