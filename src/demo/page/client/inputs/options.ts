import type { Checkboxes, RadioButtons } from '@slack/types'
import { type ComponentChild, h } from 'preact'
import { Words } from '../text/words.ts'

interface Props {
  readonly element: RadioButtons | Checkboxes
  readonly name: string
  readonly chosen: readonly string[]
  onChoose(values: readonly string[]): void
}

/** Radio buttons or checkboxes, below each other. */
export function Options({ element, name, chosen, onChoose }: Props): ComponentChild {
  const isOne = element.type === 'radio_buttons'
  function change(value: string, isOn: boolean): void {
    const others = isOne ? [] : chosen.filter((each) => each !== value)
    onChoose(isOn ? [...others, value] : others)
  }
  const shown = element.options.map(({ text, description, value = '' }) =>
    h(
      'label',
      { key: value, class: 'option' },
      h('input', {
        type: isOne ? 'radio' : 'checkbox',
        name,
        checked: chosen.includes(value),
        onChange: (event: Event) => change(value, (event.currentTarget as HTMLInputElement).checked), // it listens itself
      }),
      h('span', null, h(Words, { of: text }), description && h('small', null, h(Words, { of: description }))),
    ),
  )
  return h('div', { class: 'options' }, shown)
}
