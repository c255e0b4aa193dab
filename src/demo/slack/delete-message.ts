import type { Message } from './workspace/records.ts'
import type { Workspace } from './workspace/workspace.ts'

/** A root that has replies stays as a tombstone, with its thread. */
export function deleteMessage(workspace: Workspace, message: Message): void {
  const hasReplies = workspace.messages(message.channel).some((each) => each.threadTs === message.ts)
  if (!hasReplies) {
    workspace.removeMessage(message)
    return
  }
  const { metadata: _, ...rest } = message
  const content = workspace.contentOf({ text: 'This message was deleted.' })
  workspace.putMessage({ ...rest, ...content, subtype: 'tombstone', user: 'USLACKBOT', reactions: [] })
}
