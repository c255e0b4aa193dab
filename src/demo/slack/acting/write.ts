import { validateMessage } from '../../../slack/validate.ts'
import type { Platform } from '../platform.ts'
import { type NewMessage, postMessage } from '../post-message.ts'
import { Refusal } from '../refusal.ts'
import type { Message } from '../workspace/records.ts'
import { CannotAct } from './cannot-act.ts'

/** A message of a person or of another bot. Throws CannotAct where Slack would not take it. */
export function write({ workspace, ids }: Platform, of: NewMessage): Message {
  const { text, blocks, attachments } = of.draft
  const payload = {
    channel: of.channel,
    ...(text && { text }),
    ...(blocks && { blocks }),
    ...(attachments && { attachments }),
  }
  const [problem] = validateMessage(payload)
  if (problem) throw new CannotAct('invalid-message', `${problem.error}: ${problem.message} at ${problem.pointer}`)
  try {
    return postMessage(workspace, ids, of)
  } catch (error) {
    if (error instanceof Refusal) throw new CannotAct('no-such-message', `cannot reply there: ${error.code}`)
    throw error
  }
}
