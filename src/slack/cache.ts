import type { Outcome } from './api.ts'

/** Milliseconds for which an answer is kept: rights are checked at each click. */
const remembered = 30_000
/** The number of answers that are kept. */
const most = 10_000

/**
 * Caches the answers of Slack by id. Callers that ask at the same time share one call. The promise never rejects. undefined:
 * Slack gave no answer, and the next caller asks again. This is own code, not `lru-cache`: a failed call must not be kept,
 * and the clock is injected.
 */
export function cacheAnswers<T>(
  ask: (id: string) => Promise<Outcome<T>>,
  now: () => Date,
): (id: string) => Promise<T | undefined> {
  const known = new Map<string, { readonly value: Promise<T | undefined>; readonly at: number }>()

  function begin(id: string): Promise<T | undefined> {
    const value = ask(id).then(
      (answer) => (answer.outcome === 'done' ? answer.value : undefined),
      () => undefined,
    )
    const entry = { value, at: now().getTime() }
    known.set(id, entry)
    return value.then((it) => {
      if (it === undefined && known.get(id) === entry) known.delete(id)
      return it
    })
  }
  return (id) => {
    const before = known.get(id)
    if (before && now().getTime() - before.at < remembered) return before.value
    if (known.size >= most) known.clear()
    return begin(id)
  }
}
