import { type ComponentChild, type ComponentChildren, h } from 'preact'
import { useOpening } from './use-opening.ts'

export interface MenuItem {
  readonly value: string
  readonly label: string
  readonly description?: string | undefined
}

interface Props {
  /** For a screen reader. */
  readonly label: string
  readonly class: string
  readonly items: readonly MenuItem[]
  /** The value of the item that holds now, where one does. */
  readonly chosen?: string | undefined
  /** It stands in a toolbar, whose arrows lead to it. */
  readonly isRoving?: boolean
  /** What the button shows. */
  readonly children?: ComponentChildren
  onChoose(value: string): void
}

/** A button with a list to choose from. Arrows move in it, Escape closes it and gives the focus back. */
export function Menu({ label, class: kind, items, chosen, isRoving, children, onChoose }: Props): ComponentChild {
  const { isOpen, button, list, opening, watch, close } = useOpening()
  function choose(value: string): void {
    close()
    onChoose(value)
  }
  const entries = items.map((item) =>
    h(Entry, { key: item.value, item, isChosen: item.value === chosen, onChoose: choose }),
  )
  const named = { type: 'button', class: kind, 'aria-label': label, tabIndex: isRoving ? -1 : 0 } as const
  const popup = { class: 'menu-list', role: 'menu', 'aria-label': label, popover: 'auto', onKeyDown: move } as const
  return h(
    'span',
    { class: 'menu' },
    h('button', { ref: button, ...named, ...opening, 'aria-haspopup': 'menu', 'aria-expanded': isOpen }, children),
    h('div', { ref: list, ...popup, ...watch }, entries),
  )
}

interface EntryProps {
  readonly item: MenuItem
  readonly isChosen: boolean
  onChoose(value: string): void
}

function Entry({ item, isChosen, onChoose }: EntryProps): ComponentChild {
  const { value, label, description } = item
  const button = { type: 'button', role: 'menuitem', tabIndex: -1, class: isChosen ? 'chosen' : '' } as const
  return h(
    'button',
    { ...button, onClick: () => onChoose(value) },
    h('span', null, label),
    description && h('small', null, description),
  )
}

const steps: Readonly<Record<string, (at: number, count: number) => number>> = {
  ArrowDown: (at, count) => (at + 1) % count,
  ArrowUp: (at, count) => (at - 1 + count) % count,
  Home: () => 0,
  End: (_, count) => count - 1,
}

function move(event: KeyboardEvent): void {
  const list = event.currentTarget as HTMLElement // what listens
  const step = steps[event.key]
  if (event.key === 'Tab') list.hidePopover()
  if (!step) return
  event.preventDefault()
  const entries = [...list.querySelectorAll<HTMLElement>('[role=menuitem]')]
  const at = entries.indexOf(document.activeElement as HTMLElement)
  entries[step(at, entries.length)]?.focus()
}
