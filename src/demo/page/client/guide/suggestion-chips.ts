import { type ComponentChild, h } from 'preact'
import type { Suggestion } from '../../scene.ts'

interface Props {
  readonly suggestions: readonly Suggestion[]
  onSend(suggestion: Suggestion): void
}

/** What to try, in a row above the composer, where there is no room beside it. */
export function SuggestionChips({ suggestions, onSend }: Props): ComponentChild {
  const chips = suggestions.map((suggestion) =>
    h(
      'button',
      {
        key: suggestion.label,
        type: 'button',
        class: 'chip',
        title: suggestion.text,
        onClick: () => onSend(suggestion),
      },
      suggestion.label,
    ),
  )
  return h(
    'div',
    { class: 'chips', role: 'group', 'aria-label': 'What to try' },
    h('span', { 'aria-hidden': 'true' }, 'Try'),
    chips,
  )
}
