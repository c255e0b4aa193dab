import { appMethods } from './app-methods.ts'
import { assistantMethods } from './assistant-methods.ts'
import { chatMethods } from './chat-methods.ts'
import { conversationsMethods } from './conversations-methods.ts'
import type { Method } from './method.ts'
import { reactionMethods } from './reaction-methods.ts'
import { userMethods } from './user-methods.ts'
import { viewMethods } from './view-methods.ts'

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
