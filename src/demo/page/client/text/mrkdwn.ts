import { type ComponentChild, Fragment, h } from 'preact'
import { useMemo } from 'preact/hooks'
import { CodeBlock } from './code-block.ts'
import { DateToken } from './date-token.ts'
import { Emoji } from './emoji.ts'
import { Mention } from './mention.ts'
import type { MrkdwnNode } from './mrkdwn-node.ts'
import { parseMrkdwn } from './parse-mrkdwn.ts'
import { WebLink } from './web-link.ts'

const tags = { bold: 'b', italic: 'i', strike: 's', quote: 'blockquote' } as const

interface Props {
  readonly text: string
  readonly verbatim?: boolean | undefined
}

/** A text in Slack's mrkdwn. */
export function Mrkdwn({ text, verbatim = false }: Props): ComponentChild {
  const nodes = useMemo(() => parseMrkdwn(text, { verbatim }), [text, verbatim])
  return h('span', { class: 'mrkdwn' }, drawn(nodes))
}

function drawn(nodes: readonly MrkdwnNode[]): readonly ComponentChild[] {
  return nodes.map((node, index) => h(Fragment, { key: index }, drawnNode(node)))
}

function drawnNode(node: MrkdwnNode): ComponentChild {
  switch (node.kind) {
    case 'text':
      return node.text
    case 'break':
      return h('br', null)
    case 'code':
      return h('code', null, node.text)
    case 'preformatted':
      return h(CodeBlock, null, node.text)
    case 'link':
      return h(WebLink, { url: node.url, label: node.text })
    case 'emoji':
      return h(Emoji, { name: node.name })
    case 'date':
      return h(DateToken, node)
    case 'broadcast':
      return h(Mention, { kind: 'broadcast', id: node.range })
    case 'user':
    case 'usergroup':
    case 'channel':
      return h(Mention, { kind: node.kind, id: node.id })
    default:
      return h(tags[node.kind], null, drawn(node.inside))
  }
}
