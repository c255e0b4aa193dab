import type { ActionsBlock, ContextActionsBlock } from '@slack/types'
import { type ComponentChild, h } from 'preact'
import { Element } from '../elements/element.ts'

/** Buttons and menus in a row. */
export function Actions({ block }: { readonly block: ActionsBlock | ContextActionsBlock }): ComponentChild {
  const { elements, block_id: blockId = '', type } = block
  const shown = elements.map((element) => h(Element, { key: element.action_id, element, blockId }))
  return h('div', { class: `block-${type.replace('_', '-')}` }, shown)
}
