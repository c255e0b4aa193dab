import { Refusal } from './refusal.ts'
import type { Message } from './workspace/records.ts'

/** Throws Refusal `already_reacted`, and `invalid_name` for what is no emoji's name. */
export function withReaction(message: Message, name: string, user: string): Message {
  if (!/^[a-z0-9_+'-]{1,100}(?:::skin-tone-[2-6])?$/.test(name)) throw new Refusal('invalid_name')
  const found = message.reactions.find((reaction) => reaction.name === name)
  if (found?.users.includes(user)) throw new Refusal('already_reacted')
  const users = [...(found?.users ?? []), user]
  return { ...message, reactions: [...message.reactions.filter((reaction) => reaction !== found), { name, users }] }
}
