import type { MessagePayload } from './admit-message.ts'
import type { Draft } from './workspace/workspace.ts'

/** Characters: what is longer, Slack cuts off. https://docs.slack.dev/reference/methods/chat.postMessage#truncating */
const longestText = 40_000

/** What a payload shows. `markdown_text` becomes a markdown block, whose text is the fallback. */
export function draftOf(payload: MessagePayload): Draft {
  const { markdown_text, blocks, attachments, parse, link_names } = payload
  const text = payload.text ?? markdown_text
  const shown = markdown_text === undefined ? blocks : [{ type: 'markdown', text: markdown_text }]
  return {
    ...(text !== undefined && { text: [...text].slice(0, longestText).join('') }),
    ...(shown && { blocks: shown }),
    ...(attachments && { attachments }),
    linkNames: link_names === true || parse === 'full',
  }
}
