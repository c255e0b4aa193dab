import { type ComponentChild, h } from 'preact'
import { useMemo } from 'preact/hooks'
import type { Ephemeral } from '../../../slack/workspace/records.ts'
import { Attachment } from '../blocks/attachment.ts'
import { Blocks } from '../blocks/blocks.ts'
import { PlaceContext, useDesk } from '../state/desk.ts'
import { Mrkdwn } from '../text/mrkdwn.ts'
import { OnlyYou } from './only-you.ts'

/** What the app says to the viewer alone. */
export function EphemeralRow({ ephemeral }: { readonly ephemeral: Ephemeral }): ComponentChild {
  const { bot } = useDesk()
  const content = useMemo(() => h(Content, { ephemeral }), [ephemeral])
  return h(OnlyYou, { user: bot.userId, author: bot.name, ts: ephemeral.ts }, content)
}

function Content({ ephemeral }: { readonly ephemeral: Ephemeral }): ComponentChild {
  const { channel, ts, text, blocks, attachments } = ephemeral
  return h(
    PlaceContext.Provider,
    { value: { in: 'ephemeral', channel, ts } },
    h('div', { class: 'message-body' }, blocks.length > 0 ? h(Blocks, { blocks }) : h(Mrkdwn, { text })),
    attachments.map((attachment, index) => h(Attachment, { key: index, attachment })),
  )
}
