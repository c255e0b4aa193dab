import type { ComponentChild, ComponentChildren } from 'preact'
import { useMemo } from 'preact/hooks'
import type { Ephemeral } from '../../../../simulator/slack/workspace/records.ts'
import { Attachment } from '../blocks/attachment.tsx'
import { Blocks } from '../blocks/blocks.tsx'
import { Avatar, Icon } from '../elements/icon.tsx'
import { PlaceContext, useDesk } from '../state/desk.ts'
import type { Notice } from '../state/notices.ts'
import { formatDate } from '../text/format-date.ts'
import { Mrkdwn } from '../text/mrkdwn.tsx'

interface Props {
  /** undefined: Slack itself. */
  readonly user?: string
  readonly author: string
  readonly ts: string
  readonly children?: ComponentChildren
}

/** The frame of a message that only the viewer sees. */
function OnlyYou({ user, author, ts, children }: Props): ComponentChild {
  const time = formatDate(Number(ts), '{time}', { now: Date.now() })
  return (
    <article class="message only-you" tabIndex={-1} data-focus-home="">
      <div class="only-you-line">
        <Icon name="eye" />
        {'Only visible to you'}
      </div>
      <div class="message-side">
        <Avatar user={user} size="large" />
      </div>
      <div class="message-main">
        <div class="message-head">
          <span class="author">{author}</span>
          {user && <span class="app-badge">APP</span>}
          <span class="message-time">{time}</span>
        </div>
        {children}
      </div>
    </article>
  )
}

/** An ephemeral message of the app. */
export function EphemeralRow({ ephemeral }: { readonly ephemeral: Ephemeral }): ComponentChild {
  const { bot } = useDesk()
  const content = useMemo(() => <Content ephemeral={ephemeral} />, [ephemeral])
  return (
    <OnlyYou user={bot.userId} author={bot.name} ts={ephemeral.ts}>
      {content}
    </OnlyYou>
  )
}

function Content({ ephemeral }: { readonly ephemeral: Ephemeral }): ComponentChild {
  const { channel, ts, text, blocks, attachments } = ephemeral
  return (
    <PlaceContext.Provider value={{ in: 'ephemeral', channel, ts }}>
      <div class="message-body">{blocks.length > 0 ? <Blocks blocks={blocks} /> : <Mrkdwn text={text} />}</div>
      {attachments.map((attachment, index) => (
        <Attachment key={index} attachment={attachment} />
      ))}
    </PlaceContext.Provider>
  )
}

/** A notice of Slack for the viewer, with an offered action. */
export function NoticeRow({ notice }: { readonly notice: Notice }): ComponentChild {
  const { act, channels, bot } = useDesk()
  const { text, ts, offer, channel } = notice
  const isInvited = offer?.act.act === 'invite' && channels.get(channel)?.members.includes(bot.userId)
  if (isInvited) return <OnlyYou author="Slackbot" ts={ts}>{`${bot.name} is in this channel now.`}</OnlyYou>
  return (
    <OnlyYou author="Slackbot" ts={ts}>
      <div class="message-body">{text}</div>
      {offer && (
        <div class="block-actions">
          <button type="button" class="button" onClick={() => act(offer.act)}>
            {offer.label}
          </button>
        </div>
      )}
    </OnlyYou>
  )
}
