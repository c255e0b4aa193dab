import type { Message } from '../../../slack/workspace/records.ts'

/** What a root shows of its thread. */
export interface Replies {
  readonly count: number
  /** Who replied, in order. */
  readonly users: readonly string[]
  /** The ts of the last one. */
  readonly latest: string
}

/** By the ts of the root. */
export function repliesByRoot(messages: readonly Message[]): ReadonlyMap<string, Replies> {
  const found = new Map<string, Replies>()
  for (const { threadTs, user, ts } of messages) {
    if (!threadTs) continue
    const { count, users }: Omit<Replies, 'latest'> = found.get(threadTs) ?? { count: 0, users: [] }
    found.set(threadTs, { count: count + 1, users: users.includes(user) ? users : [...users, user], latest: ts })
  }
  return found
}
