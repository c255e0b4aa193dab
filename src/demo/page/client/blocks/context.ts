import type { ContextBlock } from '@slack/types'
import { type ComponentChild, h } from 'preact'
import { Words } from '../text/words.ts'
import { Picture } from './picture.ts'

export function Context({ block }: { readonly block: ContextBlock }): ComponentChild {
  const shown = block.elements.map((element, index) =>
    h('span', { key: index }, element.type === 'image' ? h(Picture, { image: element }) : h(Words, { of: element })),
  )
  return h('div', { class: 'block-context' }, shown)
}
