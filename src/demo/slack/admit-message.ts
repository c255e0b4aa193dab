import type { MessageAttachment, MessageMetadata } from '@slack/types'
import { type MessageKind, type Problem, validateMessage } from '../../slack/validate.ts'
import { refuseProblems } from './refuse-problems.ts'

/** The arguments of a call that shows a message, once they are validated. */
export interface MessagePayload {
  readonly channel?: string
  readonly user?: string
  readonly ts?: string
  readonly text?: string
  readonly markdown_text?: string
  readonly blocks?: readonly unknown[]
  readonly attachments?: readonly MessageAttachment[]
  /** Empty: to remove what there was. */
  readonly metadata?: Partial<MessageMetadata>
  readonly thread_ts?: string
  readonly reply_broadcast?: boolean
  readonly username?: string
  readonly icon_emoji?: string
  readonly icon_url?: string
  readonly parse?: 'full' | 'none'
  readonly link_names?: boolean
  readonly response_type?: 'ephemeral' | 'in_channel'
  readonly replace_original?: boolean
  readonly delete_original?: boolean
}

/** Throws Refusal where Slack would not take the message. `unknownBlocks`: types that this workspace does not have. */
export function admitMessage(payload: unknown, kind: MessageKind, unknownBlocks: ReadonlySet<string>): MessagePayload {
  const admitted = payload as MessagePayload // as validateMessage finds it, or it is refused
  refuseProblems(validateMessage(payload, kind))
  refuseProblems(unsupported(admitted.blocks, '/blocks', unknownBlocks))
  return admitted
}

function unsupported(value: unknown, at: string, types: ReadonlySet<string>): readonly Problem[] {
  if (typeof value !== 'object' || value === null) return []
  const type = 'type' in value ? String(value.type) : ''
  const own: readonly Problem[] = types.has(type)
    ? [{ error: 'invalid_blocks', pointer: `${at}/type`, message: `unsupported type: ${type}` }]
    : []
  return [...own, ...Object.entries(value).flatMap(([key, inside]) => unsupported(inside, `${at}/${key}`, types))]
}
