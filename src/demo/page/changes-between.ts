import { isDeepStrictEqual } from 'node:util'
import type { Message } from '../slack/workspace/records.ts'
import type { Changes } from './changes.ts'
import type { Scene } from './scene.ts'

/** undefined: nothing changed. Messages are records that are replaced, never changed, so that identity decides. */
export function changesBetween(before: Scene, after: Scene): Changes | undefined {
  const { messages: old, ...restBefore } = before
  const { messages: now, ...restAfter } = after
  const known = new Map(old.map((message) => [keyOf(message), message]))
  const messages = now.filter((message) => known.get(keyOf(message)) !== message)
  const kept = new Set(now.map(keyOf))
  const gone = old.filter((message) => !kept.has(keyOf(message))).map(({ channel, ts }) => ({ channel, ts }))
  const rest = Object.fromEntries(
    Object.entries(restAfter).filter(([key, value]) => !isDeepStrictEqual(value, Reflect.get(restBefore, key))),
  )
  const isSame = messages.length === 0 && gone.length === 0 && Object.keys(rest).length === 0
  return isSame ? undefined : { messages, gone, rest }
}

function keyOf({ channel, ts }: Message): string {
  return `${channel} ${ts}`
}
