import type { TextObject } from '@slack/types'
import { type ComponentChild, Fragment, h } from 'preact'
import { useMemo } from 'preact/hooks'
import { type Desk, useDesk } from '../state/desk.ts'
import { CodeBlock } from './code.tsx'
import { DateToken } from './date.tsx'
import { Emoji, emojiCharacters } from './emoji.tsx'
import { WebLink } from './link.tsx'
import { parseMrkdwn } from './parse-mrkdwn.ts'
import type { MrkdwnNode } from './tokens.ts'

/** A composition object: plain text, or mrkdwn. */
export function Words({ of }: { readonly of: TextObject }): ComponentChild {
  if (of.type === 'mrkdwn') return <Mrkdwn text={of.text} verbatim={of.verbatim} />
  return (
    <span class="plain">
      <PlainText text={of.text} />
    </span>
  )
}

/** Text without markup. Emoji names between colons are rendered, as in Slack. */
export function PlainText({ text }: { readonly text: string }): ComponentChild {
  const parts = text.split(/:([\w+'-]{1,60}):/)
  const shown = parts.map((part, index) => {
    if (index % 2 === 0) return part
    return emojiCharacters[part] ? <Emoji key={index} name={part} /> : `:${part}:`
  })
  return <>{shown}</>
}

const tags = { bold: 'b', italic: 'i', strike: 's', quote: 'blockquote' } as const

interface MrkdwnProps {
  readonly text: string
  readonly verbatim?: boolean | undefined
}

/** A text in Slack's mrkdwn. */
export function Mrkdwn({ text, verbatim = false }: MrkdwnProps): ComponentChild {
  const nodes = useMemo(() => parseMrkdwn(text, { verbatim }), [text, verbatim])
  return <span class="mrkdwn">{drawn(nodes)}</span>
}

function drawn(nodes: readonly MrkdwnNode[]): readonly ComponentChild[] {
  return nodes.map((node, index) => <Fragment key={index}>{drawnNode(node)}</Fragment>)
}

function drawnNode(node: MrkdwnNode): ComponentChild {
  switch (node.kind) {
    case 'text':
      return node.text
    case 'break':
      return <br />
    case 'code':
      return <code>{node.text}</code>
    case 'preformatted':
      return <CodeBlock>{node.text}</CodeBlock>
    case 'link':
      return <WebLink url={node.url} label={node.text} />
    case 'emoji':
      return <Emoji name={node.name} />
    case 'date':
      return <DateToken {...node} />
    case 'broadcast':
      return <Mention kind="broadcast" id={node.range} />
    case 'user':
    case 'usergroup':
    case 'channel':
      return <Mention kind={node.kind} id={node.id} />
    default:
      return h(tags[node.kind], null, drawn(node.inside))
  }
}

interface MentionProps {
  readonly kind: 'user' | 'usergroup' | 'channel' | 'broadcast' | 'team'
  /** An id, or `here`, `channel`, `everyone` of a broadcast. */
  readonly id: string
}

/** A mention of a user, highlighted for the viewer, or of a channel, which opens. */
export function Mention({ kind, id }: MentionProps): ComponentChild {
  const desk = useDesk()
  if (kind === 'channel') return <ChannelMention id={id} />
  const called = isViewer(kind, id, desk) ? 'mention mention-me' : 'mention'
  return <span class={called}>{shownName(kind, id, desk)}</span>
}

function shownName(kind: MentionProps['kind'], id: string, { users, usergroups, team }: Desk): string {
  if (kind === 'broadcast') return `@${id}`
  if (kind === 'user') return `@${users.get(id)?.name ?? id}`
  if (kind === 'team') return id === team.id ? team.name : id
  return `@${usergroups.get(id)?.handle ?? id}`
}

function isViewer(kind: MentionProps['kind'], id: string, { viewer, usergroups }: Desk): boolean {
  if (kind === 'usergroup') return usergroups.get(id)?.users.includes(viewer) ?? false
  return kind === 'broadcast' || (kind === 'user' && id === viewer)
}

function ChannelMention({ id }: { readonly id: string }): ComponentChild {
  const { channels, go } = useDesk()
  const channel = channels.get(id)
  if (!channel) return <span class="mention">#private-channel</span>
  const open = (): void => go({ channel: id })
  return <button type="button" class="mention mention-channel" onClick={open}>{`#${channel.name}`}</button>
}
