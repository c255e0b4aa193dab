import { Refusal } from './refusal.ts'
import type { Message } from './workspace/records.ts'

/** Throws Refusal `no_reaction`. */
export function withoutReaction(message: Message, name: string, user: string): Message {
  const found = message.reactions.find((reaction) => reaction.name === name)
  if (!found?.users.includes(user)) throw new Refusal('no_reaction')
  const users = found.users.filter((each) => each !== user)
  const others = message.reactions.filter((reaction) => reaction !== found)
  return { ...message, reactions: users.length > 0 ? [...others, { name, users }] : others }
}
