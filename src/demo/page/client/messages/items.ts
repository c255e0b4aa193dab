import type { Ephemeral, Message } from '../../../../simulator/slack/workspace/records.ts'
import type { Notice } from '../state/notices.ts'

/** An entry in a list of messages. */
export type Item =
  | { readonly kind: 'day'; readonly key: string; readonly at: number }
  | { readonly kind: 'message'; readonly key: string; readonly message: Message; readonly isContinued: boolean }
  | { readonly kind: 'ephemeral'; readonly key: string; readonly ephemeral: Ephemeral }
  | { readonly kind: 'notice'; readonly key: string; readonly notice: Notice }

/** Seconds within which messages of one author are grouped. */
const together = 300

interface Listed {
  /** Oldest first. */
  readonly messages: readonly Message[]
  readonly ephemerals: readonly Ephemeral[]
  readonly notices: readonly Notice[]
  /** Replies by the ts of their root. A root with replies is not grouped with the next message. */
  readonly replies?: ReadonlyMap<string, unknown>
}

export function itemsOf({ messages, ephemerals, notices, replies }: Listed): readonly Item[] {
  const all = [
    ...messages.map((message) => ({ ts: message.ts, message })),
    ...ephemerals.map((ephemeral) => ({ ts: ephemeral.ts, ephemeral })),
    ...notices.map((notice) => ({ ts: notice.ts, notice })),
  ].toSorted((a, b) => (a.ts < b.ts ? -1 : Number(a.ts > b.ts)))
  return all.flatMap((each, index) => {
    const before = all[index - 1]
    const isNewDay = !before || dayOf(before.ts) !== dayOf(each.ts)
    const day: readonly Item[] = isNewDay ? [{ kind: 'day', key: `day ${each.ts}`, at: Number(each.ts) }] : []
    if ('ephemeral' in each) return [...day, { kind: 'ephemeral', key: `only ${each.ts}`, ephemeral: each.ephemeral }]
    if ('notice' in each) return [...day, { kind: 'notice', key: each.notice.id, notice: each.notice }]
    const previous = before && 'message' in before && !isNewDay && !replies?.has(before.ts) ? before.message : undefined
    const isContinued = continues(each.message, previous)
    return [...day, { kind: 'message', key: each.ts, message: each.message, isContinued }]
  })
}

function dayOf(ts: string): string {
  return new Date(Number(ts) * 1_000).toDateString()
}

function continues(message: Message, previous: Message | undefined): boolean {
  if (!previous || previous.user !== message.user || message.subtype === 'tombstone') return false
  return Number(message.ts) - Number(previous.ts) < together && previous.subtype !== 'tombstone'
}

/** The summary of a thread at its root. */
export interface Replies {
  readonly count: number
  /** The users who replied, in order. */
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
