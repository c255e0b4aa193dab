import type { SectionBlock } from '@slack/types'
import { type ComponentChild, h } from 'preact'
import { Element } from '../elements/element.ts'
import { Words } from '../text/words.ts'

export function Section({ block }: { readonly block: SectionBlock }): ComponentChild {
  const { text, fields, accessory, block_id: blockId = '' } = block
  return h(
    'div',
    { class: 'block-section' },
    h(
      'div',
      { class: 'section-words' },
      text && h('div', null, h(Words, { of: text })),
      fields &&
        h(
          'div',
          { class: 'fields' },
          fields.map((of, index) => h('div', { key: index }, h(Words, { of }))),
        ),
    ),
    accessory && h('div', { class: 'accessory' }, h(Element, { element: accessory, blockId })),
  )
}
