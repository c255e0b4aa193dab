import type { Overflow } from '@slack/types'
import { type ComponentChild, Fragment, h } from 'preact'
import { Icon } from '../parts/icon.ts'
import { Menu } from '../parts/menu.ts'
import { usePress } from './use-press.ts'

interface Props {
  readonly element: Overflow
  readonly blockId: string
}

export function OverflowElement({ element, blockId }: Props): ComponentChild {
  const { isBusy, press, question } = usePress(element, blockId)
  const items = element.options.map(({ text, value = '', description }) => ({
    value,
    label: text.text,
    description: description?.text,
  }))
  const kind = `button button-more ${isBusy ? 'busy' : ''}`
  const menu = { label: 'More actions', class: kind, items, onChoose: press }
  return h(Fragment, null, h(Menu, menu, h(Icon, { name: 'more' })), question)
}
