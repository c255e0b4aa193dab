import { type MutableRef, useEffect, useRef, useState } from 'preact/hooks'
import { placeMenu } from './place-menu.ts'

/** How the list of a menu opens below its button, and closes. */
export function useOpening() {
  const [isOpen, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const list = useRef<HTMLDivElement>(null)
  /** The browser closes the list by itself as soon as the pointer goes down, also on the button. */
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
    watch: { onToggle: (event: ToggleEvent) => setOpen(event.newState === 'open') },
    close,
  }
}

/** The list stands still, its button would not. */
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
