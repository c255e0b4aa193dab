import { setTimeout as sleep } from 'node:timers/promises'

/** Returns the answer, or what `late` returns after `ms` milliseconds. A late answer or error is ignored. */
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

/** The number of tries. With the pauses they take a quarter of an hour. After a longer outage the job may fail. */
const tries = 40
/** Milliseconds. */
const pause = { first: 100, longest: 30_000 } as const

/** Repeats work that must not be lost during an outage until it succeeds. */
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

/** Milliseconds between two reports of the same error. A lost connection fails every second, and several times at once. */
const silence = 10_000
/** The number of different errors that are remembered. */
const mostErrors = 100

/** Makes a function that reports an error only if the same error was not reported recently. */
export function throttleErrors(tell: (error: unknown) => void, now: () => number = Date.now): (error: unknown) => void {
  const reported = new Map<string, number>()
  return (error) => {
    const message = String(error)
    if (now() - (reported.get(message) ?? Number.NEGATIVE_INFINITY) < silence) return
    if (reported.size >= mostErrors) reported.clear()
    reported.set(message, now())
    tell(error)
  }
}
