import { type ComponentChild, h } from 'preact'
import { useDesk } from '../state/desk.ts'
import type { Notice } from './notice.ts'
import { OnlyYou } from './only-you.ts'

/** What Slack says to the viewer alone, with what they may do about it. */
export function NoticeRow({ notice }: { readonly notice: Notice }): ComponentChild {
  const { act, channels, bot } = useDesk()
  const { text, ts, offer, channel } = notice
  const isInvited = offer?.act.act === 'invite' && channels.get(channel)?.members.includes(bot.userId)
  if (isInvited) return h(OnlyYou, { author: 'Slackbot', ts }, `${bot.name} is in this channel now.`)
  return h(
    OnlyYou,
    { author: 'Slackbot', ts },
    h('div', { class: 'message-body' }, text),
    offer &&
      h(
        'div',
        { class: 'block-actions' },
        h('button', { type: 'button', class: 'button', onClick: () => act(offer.act) }, offer.label),
      ),
  )
}
