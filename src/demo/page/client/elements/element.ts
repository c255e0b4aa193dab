import type { ActionsBlockElement, ContextActionsBlock, SectionBlockAccessory } from '@slack/types'
import { type ComponentChild, h } from 'preact'
import { Picture } from '../blocks/picture.ts'
import { UnknownBlock } from '../blocks/unknown-block.ts'
import { ButtonElement } from './button-element.ts'
import { FeedbackElement } from './feedback-element.ts'
import { IconElement } from './icon-element.ts'
import { OverflowElement } from './overflow-element.ts'
import { SelectElement } from './select-element.ts'

interface Props {
  readonly element: ActionsBlockElement | ContextActionsBlock['elements'][number] | SectionBlockAccessory
  readonly blockId: string
}

/** What can be pressed or chosen in a block. */
export function Element({ element, blockId }: Props): ComponentChild {
  switch (element.type) {
    case 'button':
      return h(ButtonElement, { element, blockId })
    case 'overflow':
      return h(OverflowElement, { element, blockId })
    case 'static_select':
    case 'users_select':
    case 'channels_select':
    case 'conversations_select':
      return h(SelectElement, { element, blockId })
    case 'feedback_buttons':
      return h(FeedbackElement, { element, blockId })
    case 'icon_button':
      return h(IconElement, { element, blockId })
    case 'image':
      return h(Picture, { image: element })
    default:
      return h(UnknownBlock, { type: element.type })
  }
}
