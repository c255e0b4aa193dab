import type { Outcome } from './api.ts'

/** Milliseconds that an answer counts: what somebody may do is asked at the click. */
const remembered = 30_000
/** Answers that are kept. */
const most = 10_000

/**
 * Callers that ask at the same time share one call to Slack. The promise never rejects. undefined: Slack does not say, or
 * the call failed; the next caller asks again.
 */
export function askSeldom<T>(
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
