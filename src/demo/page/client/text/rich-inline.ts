import type { RichTextElement } from '@slack/types'
import { type ComponentChild, Fragment, h } from 'preact'
import { DateToken } from './date-token.ts'
import { Emoji } from './emoji.ts'
import { Mention } from './mention.ts'
import { WebLink } from './web-link.ts'

/** From the inside to the outside. */
const tags = { code: 'code', strike: 's', underline: 'u', italic: 'i', bold: 'b' } as const

/** The elements of a line of rich text. Nothing in a text is markup. */
export function RichInline({ elements }: { readonly elements: readonly RichTextElement[] }): ComponentChild {
  const shown = elements.map((element, index) => h(Fragment, { key: index }, styled(drawn(element), element)))
  return h(Fragment, null, shown)
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
      return h(WebLink, { url: element.url, label: element.text })
    case 'emoji':
      return h(Emoji, element)
    case 'user':
      return h(Mention, { kind: 'user', id: element.user_id })
    case 'usergroup':
      return h(Mention, { kind: 'usergroup', id: element.usergroup_id })
    case 'channel':
      return h(Mention, { kind: 'channel', id: element.channel_id })
    case 'team':
      return h(Mention, { kind: 'team', id: element.team_id })
    case 'broadcast':
      return h(Mention, { kind: 'broadcast', id: element.range })
    case 'date':
      return h(DateToken, element)
    case 'color':
      return h(ColourValue, { value: element.value })
  }
}

function ColourValue({ value }: { readonly value: string }): ComponentChild {
  const paint = (swatch: HTMLElement | null): void => {
    if (swatch) swatch.style.background = value
  }
  return h('span', { class: 'colour' }, value, h('span', { class: 'colour-swatch', ref: paint }))
}
