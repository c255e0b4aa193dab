import { type ComponentChild, type ComponentChildren, h } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

interface Props {
  readonly label: string
  readonly class: string
  readonly children?: ComponentChildren
  /** A click beside it does not close it: something may be typed in it. */
  readonly isKept?: boolean
  /** Escape, or a click beside it. */
  onClose(): void
}

/** Above everything else, with the keyboard inside: in the first input, where there is one. When it goes, the focus is back where it was. */
export function Dialog({ label, class: kind, children, isKept = false, onClose }: Props): ComponentChild {
  const dialog = useRef<HTMLDialogElement>(null)
  useLayoutEffect(() => {
    const shown = dialog.current
    shown?.showModal()
    shown?.querySelector<HTMLElement>('.modal-body :is(input, textarea, .button-select)')?.focus()
    return () => shown?.close()
  }, [])
  function cancel(event: Event): void {
    event.preventDefault()
    if (event.target === dialog.current) onClose()
  }
  function clickBeside(event: MouseEvent): void {
    if (event.target === dialog.current && !isKept) onClose()
  }
  return h(
    'dialog',
    { ref: dialog, class: `dialog ${kind}`, 'aria-label': label, onCancel: cancel, onMouseDown: clickBeside },
    h('div', { class: 'dialog-inside' }, children),
  )
}
