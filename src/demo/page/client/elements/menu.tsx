import type { ComponentChild, ComponentChildren } from 'preact'
import { type MutableRef, useEffect, useRef, useState } from 'preact/hooks'

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
  /** The value of the current item, if there is one. */
  readonly chosen?: string | undefined
  /** The menu is part of a toolbar with arrow-key navigation. */
  readonly isRoving?: boolean
  /** What the button shows. */
  readonly children?: ComponentChildren
  onChoose(value: string): void
}

/** A button with a list of options. Arrow keys move in it; Escape closes it and restores the focus. */
export function Menu({ label, class: kind, items, chosen, isRoving, children, onChoose }: Props): ComponentChild {
  const { isOpen, button, list, opening, watch, close } = useOpening()
  function choose(value: string): void {
    close()
    onChoose(value)
  }
  const entries = items.map((item) => (
    <Entry key={item.value} item={item} isChosen={item.value === chosen} onChoose={choose} />
  ))
  const named = { type: 'button', class: kind, 'aria-label': label, tabIndex: isRoving ? -1 : 0 } as const
  const popup = { class: 'menu-list', role: 'menu', 'aria-label': label, popover: 'auto', onKeyDown: move } as const
  return (
    <span class="menu">
      <button ref={button} {...named} {...opening} aria-haspopup="menu" aria-expanded={isOpen}>
        {children}
      </button>
      <div ref={list} {...popup} {...watch}>
        {entries}
      </div>
    </span>
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
  return (
    <button {...button} onClick={() => onChoose(value)}>
      <span>{label}</span>
      {description && <small>{description}</small>}
    </button>
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

/** Opens and closes the list of a menu. */
function useOpening() {
  const [isOpen, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const list = useRef<HTMLDivElement>(null)
  /** The browser closes the list on pointer down, even on the button. */
  const wasOpen = useRef(false)

  useClosedByScrolling(isOpen, list)

  function open(): void {
    if (!list.current || !button.current || wasOpen.current) return
    list.current.showPopover()
    placeMenu(list.current, button.current.getBoundingClientRect())
    const chosen = list.current.querySelector<HTMLElement>('.chosen') ?? list.current.querySelector('button')
    chosen?.focus()
  }

  function close(): void {
    wasOpen.current = false
    list.current?.hidePopover()
    button.current?.focus()
  }

  const remember = (): void => {
    wasOpen.current = isOpen
  }
  return {
    isOpen,
    button,
    list,
    opening: { onClick: open, onPointerDown: remember },
    watch: { onToggle: (event: { readonly newState: string }) => setOpen(event.newState === 'open') },
    close,
  }
}

/** Closes the list on scrolling, because it would not move with its button. */
function useClosedByScrolling(isOpen: boolean, list: MutableRef<HTMLElement | null>): void {
  useEffect(() => {
    if (!isOpen) return undefined
    const close = ({ target }: Event): void => {
      if (target !== list.current) list.current?.hidePopover()
    }
    addEventListener('scroll', close, { capture: true })
    return () => removeEventListener('scroll', close, { capture: true })
  }, [isOpen])
}

const gap = 4
const edge = 8

/** Places an open list below its button, or above it if there is no room, and within the window. */
function placeMenu(list: HTMLElement, { left, top, bottom, right }: DOMRect): void {
  const { offsetWidth: width, offsetHeight: height } = list
  const { clientWidth, clientHeight } = document.documentElement
  const wanted = left + width > clientWidth - edge ? right - width : left
  const isBelow = bottom + gap + height <= clientHeight - edge || top < height
  list.style.left = `${Math.max(edge, Math.min(wanted, clientWidth - width - edge))}px`
  list.style.top = `${Math.max(edge, isBelow ? bottom + gap : top - gap - height)}px`
}
