import type { KnownBlock } from '@slack/types'
import { type ComponentChild, h } from 'preact'
import { Words } from '../text/words.ts'
import { Actions } from './actions.ts'
import { Alert } from './alert.ts'
import { Container } from './container.ts'
import { Context } from './context.ts'
import { Picture } from './picture.ts'
import { Plan } from './plan.ts'
import { RichText } from './rich-text.ts'
import { Section } from './section.ts'
import { Table } from './table.ts'
import { TaskCard } from './task-card.ts'
import { UnknownBlock } from './unknown-block.ts'

/** By place and type, not by id: an edit brings new ids, and what is folded should stay so. */
export function Blocks({ blocks }: { readonly blocks: readonly KnownBlock[] }): ComponentChild {
  const shown = blocks.map((block, index) => h(Block, { key: `${index} ${block.type}`, block }))
  return h('div', { class: 'blocks' }, shown)
}

function Block({ block }: { readonly block: KnownBlock }): ComponentChild {
  switch (block.type) {
    case 'rich_text':
      return h(RichText, { block })
    case 'section':
      return h(Section, { block })
    case 'context':
      return h(Context, { block })
    case 'actions':
    case 'context_actions':
      return h(Actions, { block })
    case 'divider':
      return h('hr', { class: 'block-divider' })
    case 'header':
      return h('h3', { class: 'block-header' }, h(Words, { of: block.text }))
    case 'container':
      return h(Container, { block })
    case 'plan':
      return h(Plan, { block })
    case 'task_card':
      return h(TaskCard, { task: block })
    case 'table':
    case 'data_table':
      return h(Table, { block })
    case 'alert':
      return h(Alert, { block })
    case 'image':
      return h('div', null, h(Picture, { image: block as { alt_text: string } }))
    default:
      return h(UnknownBlock, { type: block.type })
  }
}
