import type { Button } from '@slack/types'
import { type ComponentChild, Fragment, h } from 'preact'
import { PlainText } from '../text/plain-text.ts'
import { usePress } from './use-press.ts'

interface Props {
  readonly element: Button
  readonly blockId: string
}

/** A button; one with an address opens that, and tells the app too. */
export function ButtonElement({ element, blockId }: Props): ComponentChild {
  const { text, style, url, value, accessibility_label: label } = element
  const { isBusy, press, question } = usePress(element, blockId)
  const kind = `button ${style ? `button-${style}` : ''} ${isBusy ? 'busy' : ''}`
  const shown = { class: kind, 'aria-label': label, onClick: () => press(value) }
  const words = h(PlainText, { text: text.text })
  if (url && /^https?:/.test(url))
    return h('a', { ...shown, href: url, target: '_blank', rel: 'noopener noreferrer', title: url }, words)
  return h(
    Fragment,
    null,
    h('button', { ...shown, type: 'button', 'aria-disabled': isBusy, 'aria-busy': isBusy }, words),
    question,
  )
}
