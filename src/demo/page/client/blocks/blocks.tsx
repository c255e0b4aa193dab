import type {
  ActionsBlock,
  AlertBlock,
  ContainerBlock,
  ContextActionsBlock,
  KnownBlock,
  SectionBlock,
} from '@slack/types'
import type { ComponentChild } from 'preact'
import { useState } from 'preact/hooks'
import { Element } from '../elements/element.tsx'
import { Icon } from '../elements/icon.tsx'
import { Words } from '../text/mrkdwn.tsx'
import { Plan, TaskCard } from './plan.tsx'
import { RichText } from './rich-text.tsx'
import { Context, Picture, Table, UnknownBlock } from './simple.tsx'

/** Keys blocks by position and type, not by id: an edit brings new ids, and a collapsed block should stay collapsed. */
export function Blocks({ blocks }: { readonly blocks: readonly KnownBlock[] }): ComponentChild {
  const shown = blocks.map((block, index) => <Block key={`${index} ${block.type}`} block={block} />)
  return <div class="blocks">{shown}</div>
}

function Block({ block }: { readonly block: KnownBlock }): ComponentChild {
  switch (block.type) {
    case 'rich_text':
      return <RichText block={block} />
    case 'section':
      return <Section block={block} />
    case 'context':
      return <Context block={block} />
    case 'actions':
    case 'context_actions':
      return <Actions block={block} />
    case 'divider':
      return <hr class="block-divider" />
    case 'header':
      return (
        <h3 class="block-header">
          <Words of={block.text} />
        </h3>
      )
    case 'container':
      return <Container block={block} />
    case 'plan':
      return <Plan block={block} />
    case 'task_card':
      return <TaskCard task={block} />
    case 'table':
    case 'data_table':
      return <Table block={block} />
    case 'alert':
      return <Alert block={block} />
    case 'image':
      return (
        <div>
          <Picture image={block as { alt_text: string }} />
        </div>
      )
    default:
      return <UnknownBlock type={block.type} />
  }
}

/** Blocks in a frame with a title, which may be collapsible. */
function Container({ block }: { readonly block: ContainerBlock }): ComponentChild {
  const { is_collapsible: isCollapsible, default_collapsed: isCollapsed, width, child_blocks: blocks } = block
  const [isOpen, setOpen] = useState(!(isCollapsible && isCollapsed))
  const toggle = { type: 'button', 'aria-expanded': isOpen, onClick: () => setOpen(!isOpen) } as const
  const line = block.has_header_divider ? 'lined' : ''
  return (
    <div class={`block-container width-${width ?? 'standard'}`}>
      {isCollapsible ? (
        <button class={`container-head ${line}`} {...toggle}>
          <Icon name="chevron" />
          <Head block={block} />
        </button>
      ) : (
        <div class={`container-head ${line}`}>
          <Head block={block} />
        </div>
      )}
      {isOpen && (
        <div class="container-body">
          <Blocks blocks={blocks} />
        </div>
      )}
    </div>
  )
}

function Head({ block }: { readonly block: ContainerBlock }): ComponentChild {
  const { title, rich_text_title: richTitle, subtitle } = block
  return (
    <span class="container-words">
      <span class="container-title">{richTitle ? <RichText block={richTitle} /> : title && <Words of={title} />}</span>
      {subtitle && (
        <span class="container-subtitle">
          <Words of={subtitle} />
        </span>
      )}
    </span>
  )
}

/** Buttons and menus in a row. */
function Actions({ block }: { readonly block: ActionsBlock | ContextActionsBlock }): ComponentChild {
  const { elements, block_id: blockId = '', type } = block
  const shown = elements.map((element) => <Element key={element.action_id} element={element} blockId={blockId} />)
  return <div class={`block-${type.replace('_', '-')}`}>{shown}</div>
}

const icons = { default: 'info', info: 'info', warning: 'alert', error: 'alert', success: 'check' } as const

/** A coloured line in a modal. */
function Alert({ block }: { readonly block: AlertBlock }): ComponentChild {
  const level = block.level ?? 'default'
  return (
    <div class={`block-alert alert-${level}`} role={level === 'error' || level === 'warning' ? 'alert' : 'note'}>
      <Icon name={icons[level]} />
      <span>
        <Words of={block.text} />
      </span>
    </div>
  )
}

function Section({ block }: { readonly block: SectionBlock }): ComponentChild {
  const { text, fields, accessory, block_id: blockId = '' } = block
  return (
    <div class="block-section">
      <div class="section-words">
        {text && (
          <div>
            <Words of={text} />
          </div>
        )}
        {fields && (
          <div class="fields">
            {fields.map((of, index) => (
              <div key={index}>
                <Words of={of} />
              </div>
            ))}
          </div>
        )}
      </div>
      {accessory && (
        <div class="accessory">
          <Element element={accessory} blockId={blockId} />
        </div>
      )}
    </div>
  )
}
