import { setTimeout as sleep } from 'node:timers/promises'

/** With the pauses, a quarter of an hour: a server that is away longer is worth a failed job. */
const tries = 40
/** Milliseconds. */
const pause = { first: 100, longest: 30_000 } as const

/** For what must not be lost because its server is away for a while: tried again until it is done. */
export async function insist(
  work: () => Promise<void> | void,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (signal.aborted || attempt === tries) throw error
      onError(error)
      await sleep(Math.min(pause.first * 2 ** (attempt - 1), pause.longest), undefined, { signal })
    }
  }
}
