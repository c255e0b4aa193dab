import type { IconButton } from '@slack/types'
import { type ComponentChild, Fragment, h } from 'preact'
import { Icon } from '../parts/icon.ts'
import { useDesk } from '../state/desk.ts'
import { usePress } from './use-press.ts'

interface Props {
  readonly element: IconButton
  readonly blockId: string
}

/** A small button with a picture, for those who may see it. */
export function IconElement({ element, blockId }: Props): ComponentChild {
  const { viewer } = useDesk()
  const { press, question } = usePress(element, blockId)
  const { text, value, accessibility_label: label, visible_to_user_ids: seers } = element
  if (seers && !seers.includes(viewer)) return null
  const shown = { type: 'button', class: 'icon-button', title: text.text, onClick: () => press(value) } as const
  return h(
    Fragment,
    null,
    h('button', { ...shown, 'aria-label': label ?? text.text }, h(Icon, { name: 'trash' })),
    question,
  )
}
