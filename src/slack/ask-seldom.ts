import type { Outcome } from './slack-api.ts'

/** Milliseconds that an answer counts: what somebody may do is asked at the click. */
const remembered = 30_000
/** Answers that are kept. */
const most = 10_000

/** Those who ask together ask Slack once. undefined: it does not say, and is asked again the next time. */
export function askSeldom<T>(
  ask: (id: string) => Promise<Outcome<T>>,
  now: () => Date,
): (id: string) => Promise<T | undefined> {
  const known = new Map<string, { readonly value: Promise<T | undefined>; readonly at: number }>()
  return (id) => {
    const before = known.get(id)
    if (before && now().getTime() - before.at < remembered) return before.value
    if (known.size >= most) known.clear()
    const value = ask(id).then((answer) => (answer.outcome === 'done' ? answer.value : undefined))
    const entry = { value, at: now().getTime() }
    known.set(id, entry)
    void value.then((it) => it === undefined && known.get(id) === entry && known.delete(id))
    return value
  }
}
