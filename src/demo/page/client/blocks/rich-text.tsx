import type { RichTextBlock, RichTextBlockElement, RichTextElement, RichTextList } from '@slack/types'
import { type ComponentChild, Fragment, h } from 'preact'
import { CodeBlock } from '../text/code.tsx'
import { DateToken } from '../text/date.tsx'
import { Emoji } from '../text/emoji.tsx'
import { WebLink } from '../text/link.tsx'
import { Mention } from '../text/mrkdwn.tsx'

export function RichText({ block }: { readonly block: Pick<RichTextBlock, 'elements'> }): ComponentChild {
  const shown = block.elements.map((element, index) => <Part key={index} element={element} />)
  return <div class="rich-text">{shown}</div>
}

function Part({ element }: { readonly element: RichTextBlockElement }): ComponentChild {
  switch (element.type) {
    case 'rich_text_section':
      return (
        <div class="rich-section">
          <RichInline {...element} />
        </div>
      )
    case 'rich_text_quote':
      return (
        <blockquote>
          <RichInline {...element} />
        </blockquote>
      )
    case 'rich_text_preformatted':
      return (
        <CodeBlock>
          <RichInline {...element} />
        </CodeBlock>
      )
    case 'rich_text_list':
      return <List list={element} />
  }
}

const markers = {
  bullet: ['disc', 'circle', 'square'],
  ordered: ['decimal', 'lower-alpha', 'lower-roman'],
} as const

/** A list of one depth. Slack represents nested lists as several lists in a row. */
function List({ list }: { readonly list: RichTextList & { readonly offset?: number } }): ComponentChild {
  const { style, indent = 0, offset = 0, border = 0, elements } = list
  const kind = `rich-list indent-${indent} marker-${markers[style][indent % 3]} ${border ? 'bordered' : ''}`
  const items = elements.map((item, index) => (
    <li key={index}>
      <RichInline elements={item.elements} />
    </li>
  ))
  return style === 'ordered' ? (
    <ol class={kind} start={offset + 1}>
      {items}
    </ol>
  ) : (
    <ul class={kind}>{items}</ul>
  )
}

/** Ordered from the inside to the outside. */
const tags = { code: 'code', strike: 's', underline: 'u', italic: 'i', bold: 'b' } as const

/** The elements of a line of rich text. Nothing in a text is markup. */
function RichInline({ elements }: { readonly elements: readonly RichTextElement[] }): ComponentChild {
  const shown = elements.map((element, index) => <Fragment key={index}>{styled(drawn(element), element)}</Fragment>)
  return <>{shown}</>
}

function styled(inside: ComponentChild, { style = {} }: RichTextElement): ComponentChild {
  const wanted = Object.entries(tags).filter(([name]) => Reflect.get(style, name) === true)
  return wanted.reduce((within, [, tag]) => h(tag, null, within), inside)
}

function drawn(element: RichTextElement): ComponentChild {
  switch (element.type) {
    case 'text':
      return element.text
    case 'link':
      return <WebLink url={element.url} label={element.text} />
    case 'emoji':
      return <Emoji {...element} />
    case 'user':
      return <Mention kind="user" id={element.user_id} />
    case 'usergroup':
      return <Mention kind="usergroup" id={element.usergroup_id} />
    case 'channel':
      return <Mention kind="channel" id={element.channel_id} />
    case 'team':
      return <Mention kind="team" id={element.team_id} />
    case 'broadcast':
      return <Mention kind="broadcast" id={element.range} />
    case 'date':
      return <DateToken {...element} />
    case 'color':
      return <ColourValue value={element.value} />
  }
}

function ColourValue({ value }: { readonly value: string }): ComponentChild {
  const paint = (swatch: HTMLElement | null): void => {
    if (swatch) swatch.style.background = value
  }
  return (
    <span class="colour">
      {value}
      <span class="colour-swatch" ref={paint} />
    </span>
  )
}
