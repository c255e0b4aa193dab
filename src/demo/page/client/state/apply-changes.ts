import type { Message } from '../../../../simulator/slack/workspace/records.ts'
import type { Changes, Scene } from '../../scene.ts'

/** Applies changes to a scene. Unchanged parts stay the same objects, so they are not rendered again. */
export function applyChanges(scene: Scene, { messages, gone, rest }: Changes): Scene {
  if (messages.length === 0 && gone.length === 0) return { ...scene, ...rest }
  const leaving = new Set(gone.map(keyOf))
  const incoming = new Map(messages.map((message) => [keyOf(message), message]))
  const stays = scene.messages.filter((message) => !leaving.has(keyOf(message)) && !incoming.has(keyOf(message)))
  return { ...scene, ...rest, messages: [...stays, ...messages].toSorted(byTs) }
}

function keyOf({ channel, ts }: Pick<Message, 'channel' | 'ts'>): string {
  return `${channel} ${ts}`
}

function byTs(a: Message, b: Message): number {
  return a.ts < b.ts ? -1 : 1
}
