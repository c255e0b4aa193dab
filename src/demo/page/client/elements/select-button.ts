import { type ComponentChild, h } from 'preact'
import { Icon } from '../parts/icon.ts'
import { Menu, type MenuItem } from '../parts/menu.ts'

interface Props {
  readonly label: string
  readonly placeholder: string
  readonly items: readonly MenuItem[]
  readonly chosen: string | undefined
  readonly isBusy?: boolean
  onChoose(value: string): void
}

/** A menu that shows what is chosen in it. */
export function SelectButton({ label, placeholder, items, chosen, isBusy = false, onChoose }: Props): ComponentChild {
  const shown = items.find(({ value }) => value === chosen)?.label
  const words = shown ?? placeholder
  const kind = `button button-select ${isBusy ? 'busy' : ''}`
  return h(
    Menu,
    { label: words === label ? label : `${label}: ${words}`, class: kind, items, chosen, onChoose },
    h('span', { class: shown ? '' : 'placeholder' }, words),
    h(Icon, { name: 'down' }),
  )
}
