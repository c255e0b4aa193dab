import { appMethods, assistantMethods, viewMethods } from './app.ts'
import { chatMethods, reactionMethods } from './chat.ts'
import { conversationsMethods } from './conversations.ts'
import type { Method } from './method.ts'
import { userMethods } from './users.ts'

/** Every method of the Web API that the local Slack has. */
export const methods: ReadonlyMap<string, Method> = new Map(
  Object.entries({
    ...appMethods,
    ...assistantMethods,
    ...chatMethods,
    ...conversationsMethods,
    ...reactionMethods,
    ...userMethods,
    ...viewMethods,
  }),
)
