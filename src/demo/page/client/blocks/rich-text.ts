import type { RichTextBlock, RichTextBlockElement, RichTextList } from '@slack/types'
import { type ComponentChild, h } from 'preact'
import { CodeBlock } from '../text/code-block.ts'
import { RichInline } from '../text/rich-inline.ts'

export function RichText({ block }: { readonly block: Pick<RichTextBlock, 'elements'> }): ComponentChild {
  const shown = block.elements.map((element, index) => h(Part, { key: index, element }))
  return h('div', { class: 'rich-text' }, shown)
}

function Part({ element }: { readonly element: RichTextBlockElement }): ComponentChild {
  switch (element.type) {
    case 'rich_text_section':
      return h('div', { class: 'rich-section' }, h(RichInline, element))
    case 'rich_text_quote':
      return h('blockquote', null, h(RichInline, element))
    case 'rich_text_preformatted':
      return h(CodeBlock, null, h(RichInline, element))
    case 'rich_text_list':
      return h(List, { list: element })
  }
}

const markers = {
  bullet: ['disc', 'circle', 'square'],
  ordered: ['decimal', 'lower-alpha', 'lower-roman'],
} as const

/** A list of one depth: Slack makes deeper ones of several in a row. */
function List({ list }: { readonly list: RichTextList & { readonly offset?: number } }): ComponentChild {
  const { style, indent = 0, offset = 0, border = 0, elements } = list
  const kind = `rich-list indent-${indent} marker-${markers[style][indent % 3]} ${border ? 'bordered' : ''}`
  const items = elements.map((item, index) => h('li', { key: index }, h(RichInline, { elements: item.elements })))
  return style === 'ordered' ? h('ol', { class: kind, start: offset + 1 }, items) : h('ul', { class: kind }, items)
}
