import type { ContainerBlock } from '@slack/types'
import { type ComponentChild, h } from 'preact'
import { useState } from 'preact/hooks'
import { Icon } from '../parts/icon.ts'
import { Words } from '../text/words.ts'
import { Blocks } from './blocks.ts'
import { RichText } from './rich-text.ts'

/** Blocks in a frame with a title, which may be folded away. */
export function Container({ block }: { readonly block: ContainerBlock }): ComponentChild {
  const { is_collapsible: isCollapsible, default_collapsed: isCollapsed, width, child_blocks: blocks } = block
  const [isOpen, setOpen] = useState(!(isCollapsible && isCollapsed))
  const toggle = { type: 'button', 'aria-expanded': isOpen, onClick: () => setOpen(!isOpen) }
  const line = block.has_header_divider ? 'lined' : ''
  return h(
    'div',
    { class: `block-container width-${width ?? 'standard'}` },
    isCollapsible
      ? h('button', { class: `container-head ${line}`, ...toggle }, h(Icon, { name: 'chevron' }), h(Head, { block }))
      : h('div', { class: `container-head ${line}` }, h(Head, { block })),
    isOpen && h('div', { class: 'container-body' }, h(Blocks, { blocks })),
  )
}

function Head({ block }: { readonly block: ContainerBlock }): ComponentChild {
  const { title, rich_text_title: richTitle, subtitle } = block
  return h(
    'span',
    { class: 'container-words' },
    h(
      'span',
      { class: 'container-title' },
      richTitle ? h(RichText, { block: richTitle }) : title && h(Words, { of: title }),
    ),
    subtitle && h('span', { class: 'container-subtitle' }, h(Words, { of: subtitle })),
  )
}
