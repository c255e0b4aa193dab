import type { InputBlock } from '@slack/types'
import { type ComponentChild, h } from 'preact'
import { UnknownBlock } from '../blocks/unknown-block.ts'
import { choicesOf } from '../elements/choices-of.ts'
import { SelectButton } from '../elements/select-button.ts'
import { useDesk } from '../state/desk.ts'
import { PlainText } from '../text/plain-text.ts'
import { Options } from './options.ts'
import { TypedInput, typedElements } from './typed-input.ts'

interface Props {
  readonly input: InputBlock
  readonly value: string | readonly string[] | undefined
  readonly problem: string | undefined
  onValue(value: string | readonly string[]): void
}

/** A labelled input of a modal, with its hint and what is wrong with it. */
export function InputRow({ input, value, problem, onValue }: Props): ComponentChild {
  const { label, hint, optional = false, block_id: id = '' } = input
  const note = problem ? `problem-${id}` : hint && `hint-${id}`
  return h(
    'div',
    { class: `input-row ${problem ? 'invalid' : ''}` },
    h(
      'label',
      { for: `input-${id}` },
      h(PlainText, { text: label.text }),
      optional && h('span', { class: 'optional' }, ' (optional)'),
    ),
    h(Field, { input, value, note, isInvalid: problem !== undefined, onValue }),
    problem && h('div', { class: 'problem', id: `problem-${id}`, role: 'alert' }, problem),
    hint && h('div', { class: 'hint', id: `hint-${id}` }, h(PlainText, { text: hint.text })),
  )
}

interface FieldProps extends Pick<Props, 'input' | 'value' | 'onValue'> {
  readonly note: string | undefined
  readonly isInvalid: boolean
}

function Field({ input, value, note, isInvalid, onValue }: FieldProps): ComponentChild {
  const desk = useDesk()
  const { element, label, block_id: name = '' } = input
  const [first] = [value].flat()
  if (typedElements.has(element.type))
    return h(TypedInput, { element, name, value: first ?? '', describedBy: note, isInvalid, onType: onValue })
  if (element.type === 'radio_buttons' || element.type === 'checkboxes') {
    const choose = (values: readonly string[]): void =>
      onValue(element.type === 'checkboxes' ? values : (values[0] ?? ''))
    return h(Options, { element, name, chosen: [value ?? []].flat(), onChoose: choose })
  }
  if (!/^(?:static|users|channels|conversations)_select$/.test(element.type))
    return h(UnknownBlock, { type: element.type })
  const placeholder = 'placeholder' in element ? element.placeholder?.text : undefined
  const items = choicesOf(element, desk)
  return h(SelectButton, {
    label: label.text,
    placeholder: placeholder ?? 'Choose',
    items,
    chosen: first,
    onChoose: onValue,
  })
}
