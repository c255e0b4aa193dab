import { setTimeout as sleep } from 'node:timers/promises'

/** The answer, or after so many milliseconds another one; who is late is not waited for, and its failure is nobody's. */
export async function withTimeout<T>(ms: number, work: Promise<T>, late: () => T): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const timer = setTimeout(() => {
    try {
      resolve(late())
    } catch (error) {
      reject(error)
    }
  }, ms)
  work.then(resolve, reject)
  return promise.finally(() => clearTimeout(timer))
}

/** With the pauses, a quarter of an hour: a server that is away longer is worth a failed job. */
const tries = 40
/** Milliseconds. */
const pause = { first: 100, longest: 30_000 } as const

/** For what must not be lost because its server is away for a while: tried again until it is done. */
export async function retry(
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

/** Milliseconds. A connection that is away fails every second, and several times at once. */
const silence = 10_000
/** Different errors that are remembered. */
const mostErrors = 100

/** Tells an error only when the same was not told a moment ago. */
export function throttleErrors(tell: (error: unknown) => void, now: () => number = Date.now): (error: unknown) => void {
  const told = new Map<string, number>()
  return (error) => {
    const says = String(error)
    if (now() - (told.get(says) ?? Number.NEGATIVE_INFINITY) < silence) return
    if (told.size >= mostErrors) told.clear()
    told.set(says, now())
    tell(error)
  }
}
