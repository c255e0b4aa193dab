import type { ConfirmationDialog } from '@slack/types'
import { type ComponentChild, h } from 'preact'
import { Words } from '../text/words.ts'
import { Dialog } from './dialog.ts'

interface Props {
  readonly confirm: ConfirmationDialog
  onYes(): void
  onNo(): void
}

/** "Rerun this build?" The safe answer comes first, and has the focus. */
export function ConfirmDialog({ confirm, onYes, onNo }: Props): ComponentChild {
  const title = confirm.title?.text ?? 'Are you sure?'
  const style = confirm.style === 'danger' ? 'button-danger' : 'button-primary'
  return h(
    Dialog,
    { label: title, class: 'confirm', onClose: onNo },
    h('h2', null, title),
    h('div', { class: 'confirm-text' }, h(Words, { of: confirm.text })),
    h(
      'div',
      { class: 'dialog-buttons' },
      h('button', { type: 'button', class: 'button', autoFocus: true, onClick: onNo }, confirm.deny?.text ?? 'Cancel'),
      h('button', { type: 'button', class: `button ${style}`, onClick: onYes }, confirm.confirm?.text ?? 'Yes'),
    ),
  )
}
