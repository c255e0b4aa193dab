import type { ConfirmationDialog } from '@slack/types'
import type { ComponentChild, ComponentChildren } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { Words } from '../text/mrkdwn.tsx'

interface DialogProps {
  readonly label: string
  readonly class: string
  readonly children?: ComponentChildren
  /** A click outside does not close it, because it may contain typed text. */
  readonly isKept?: boolean
  /** Called on Escape and on a click outside. */
  onClose(): void
}

/** A modal dialog. It takes the focus, in its first input if there is one, and returns it when it closes. */
export function Dialog({ label, class: kind, children, isKept = false, onClose }: DialogProps): ComponentChild {
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
  return (
    <dialog ref={dialog} class={`dialog ${kind}`} aria-label={label} onCancel={cancel} onMouseDown={clickBeside}>
      <div class="dialog-inside">{children}</div>
    </dialog>
  )
}

interface ConfirmDialogProps {
  readonly confirm: ConfirmationDialog
  onYes(): void
  onNo(): void
}

/** "Rerun this build?" The safe answer comes first, and has the focus. */
export function ConfirmDialog({ confirm, onYes, onNo }: ConfirmDialogProps): ComponentChild {
  const title = confirm.title?.text ?? 'Are you sure?'
  const style = confirm.style === 'danger' ? 'button-danger' : 'button-primary'
  return (
    <Dialog label={title} class="confirm" onClose={onNo}>
      <h2>{title}</h2>
      <div class="confirm-text">
        <Words of={confirm.text} />
      </div>
      <div class="dialog-buttons">
        <button type="button" class="button" autoFocus onClick={onNo}>
          {confirm.deny?.text ?? 'Cancel'}
        </button>
        <button type="button" class={`button ${style}`} onClick={onYes}>
          {confirm.confirm?.text ?? 'Yes'}
        </button>
      </div>
    </Dialog>
  )
}
