import { type ComponentChild, h } from 'preact'
import type { Suggestion } from '../../scene.ts'
import { Icon } from '../parts/icon.ts'

interface Props {
  readonly suggestion: Suggestion
  onSend(suggestion: Suggestion): void
  onFill(suggestion: Suggestion): void
}

/** One click sends it; the pencil puts it into the box first. */
export function SuggestionCard({ suggestion, onSend, onFill }: Props): ComponentChild {
  const { label, text, says } = suggestion
  return h(
    'div',
    { class: 'suggestion' },
    h(
      'button',
      { type: 'button', class: 'suggestion-send', onClick: () => onSend(suggestion) },
      h('b', null, label),
      h('span', null, says),
      h('code', { title: text }, text),
    ),
    h(
      'button',
      {
        type: 'button',
        class: 'icon-button suggestion-fill',
        'aria-label': `Put “${label}” into the box`,
        title: 'Put it into the box',
        onClick: () => onFill(suggestion),
      },
      h(Icon, { name: 'pencil' }),
    ),
  )
}
