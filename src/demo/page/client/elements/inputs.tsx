import type { Checkboxes, InputBlock, KnownBlock, RadioButtons } from '@slack/types'
import type { ComponentChild } from 'preact'
import { UnknownBlock } from '../blocks/simple.tsx'
import { useDesk } from '../state/desk.ts'
import { PlainText, Words } from '../text/mrkdwn.tsx'
import { choicesOf, initialOf, SelectButton } from './select.tsx'

interface InputRowProps {
  readonly input: InputBlock
  readonly value: string | readonly string[] | undefined
  readonly problem: string | undefined
  onValue(value: string | readonly string[]): void
}

/** A labelled input of a modal, with its hint and its validation error. */
export function InputRow({ input, value, problem, onValue }: InputRowProps): ComponentChild {
  const { label, hint, optional = false, block_id: id = '' } = input
  const note = problem ? `problem-${id}` : hint && `hint-${id}`
  return (
    <div class={`input-row ${problem ? 'invalid' : ''}`}>
      <label for={`input-${id}`}>
        <PlainText text={label.text} />
        {optional && <span class="optional">{' (optional)'}</span>}
      </label>
      <Field input={input} value={value} note={note} isInvalid={problem !== undefined} onValue={onValue} />
      {problem && (
        <div class="problem" id={`problem-${id}`} role="alert">
          {problem}
        </div>
      )}
      {hint && (
        <div class="hint" id={`hint-${id}`}>
          <PlainText text={hint.text} />
        </div>
      )}
    </div>
  )
}

interface FieldProps extends Pick<InputRowProps, 'input' | 'value' | 'onValue'> {
  readonly note: string | undefined
  readonly isInvalid: boolean
}

function Field({ input, value, note, isInvalid, onValue }: FieldProps): ComponentChild {
  const desk = useDesk()
  const { element, label, block_id: name = '' } = input
  const [first] = [value].flat()
  if (typedElements.has(element.type))
    return (
      <TypedInput
        element={element}
        name={name}
        value={first ?? ''}
        describedBy={note}
        isInvalid={isInvalid}
        onType={onValue}
      />
    )
  if (element.type === 'radio_buttons' || element.type === 'checkboxes') {
    const choose = (values: readonly string[]): void =>
      onValue(element.type === 'checkboxes' ? values : (values[0] ?? ''))
    return <Options element={element} name={name} chosen={[value ?? []].flat()} onChoose={choose} />
  }
  if (!/^(?:static|users|channels|conversations)_select$/.test(element.type))
    return <UnknownBlock type={element.type} />
  const placeholder = 'placeholder' in element ? element.placeholder?.text : undefined
  const items = choicesOf(element, desk)
  return (
    <SelectButton
      label={label.text}
      placeholder={placeholder ?? 'Choose'}
      items={items}
      chosen={first}
      onChoose={onValue}
    />
  )
}

interface TypedInputProps {
  readonly element: InputBlock['element']
  /** The field's name: the block_id. */
  readonly name: string
  readonly value: string
  readonly describedBy: string | undefined
  readonly isInvalid: boolean
  onType(value: string): void
}

const kinds: Readonly<Record<string, string>> = {
  datepicker: 'date',
  email_text_input: 'email',
  number_input: 'number',
  plain_text_input: 'text',
  timepicker: 'time',
  url_text_input: 'url',
}

/** The types of elements that are typed into. */
const typedElements: ReadonlySet<string> = new Set([...Object.keys(kinds), 'rich_text_input'])

/** A text field of the browser. Rich text is typed as plain text. */
function TypedInput({ element, name, value, describedBy, isInvalid, onType }: TypedInputProps): ComponentChild {
  const fields = element as unknown as Fields // what some of the elements have
  const shared = {
    id: `input-${name}`,
    name,
    class: 'field',
    placeholder: fields.placeholder?.text,
    minLength: fields.min_length,
    maxLength: fields.max_length,
    autoFocus: fields.focus_on_load,
    'aria-describedby': describedBy,
    'aria-invalid': isInvalid,
  }
  const type = (event: Event): void => onType((event.currentTarget as HTMLInputElement).value) // it listens itself
  if (fields.multiline || element.type === 'rich_text_input')
    return <textarea {...shared} rows={4} value={value} onInput={type} />
  const number = { min: fields.min_value, max: fields.max_value, step: fields.is_decimal_allowed ? 'any' : undefined }
  return <input {...shared} {...number} type={kinds[element.type] ?? 'text'} value={value} onInput={type} />
}

interface Fields {
  readonly placeholder?: { readonly text: string }
  readonly multiline?: boolean
  readonly min_length?: number
  readonly max_length?: number
  readonly min_value?: string
  readonly max_value?: string
  readonly is_decimal_allowed?: boolean
  readonly focus_on_load?: boolean
}

interface OptionsProps {
  readonly element: RadioButtons | Checkboxes
  readonly name: string
  readonly chosen: readonly string[]
  onChoose(values: readonly string[]): void
}

/** A column of radio buttons or checkboxes. */
function Options({ element, name, chosen, onChoose }: OptionsProps): ComponentChild {
  const isOne = element.type === 'radio_buttons'
  function change(value: string, isOn: boolean): void {
    const others = isOne ? [] : chosen.filter((each) => each !== value)
    onChoose(isOn ? [...others, value] : others)
  }
  const shown = element.options.map(({ text, description, value = '' }) => (
    <label key={value} class="option">
      <input
        type={isOne ? 'radio' : 'checkbox'}
        name={name}
        checked={chosen.includes(value)}
        onChange={(event: Event) => change(value, (event.currentTarget as HTMLInputElement).checked)}
      />
      <span>
        <Words of={text} />
        {description && (
          <small>
            <Words of={description} />
          </small>
        )}
      </span>
    </label>
  ))
  return <div class="options">{shown}</div>
}

/** The values of a modal's inputs, by action_id. */
export type Values = Readonly<Record<string, string | readonly string[]>>

/** The inputs of a modal, in order. */
export function inputsOf(blocks: readonly KnownBlock[]): readonly InputBlock[] {
  return blocks.filter((block) => block.type === 'input')
}

/** The initial values of the inputs. */
export function initialValues(blocks: readonly KnownBlock[]): Values {
  const entries = inputsOf(blocks).flatMap(({ element }) => {
    const value = initialOf(element)
    return element.action_id && value !== undefined ? [[element.action_id, value] as const] : []
  })
  return Object.fromEntries(entries)
}

/** Returns validation errors by block_id: required inputs that are empty, and values that the browser rejects. */
export function problemsOf(
  inputs: readonly InputBlock[],
  values: Values,
  form: HTMLFormElement,
): Readonly<Record<string, string>> {
  const found = inputs.flatMap((input) => {
    const problem = problemOf(input, values, form)
    return problem ? [[input.block_id ?? '', problem] as const] : []
  })
  return Object.fromEntries(found)
}

function problemOf(input: InputBlock, values: Values, form: HTMLFormElement): string | undefined {
  const { optional = false, element, block_id: blockId = '' } = input
  const { length = 0 } = values[element.action_id ?? ''] ?? {}
  if (length === 0) return optional ? undefined : 'Please fill this in.'
  const field = form.elements.namedItem(blockId)
  const isTyped = field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement
  return isTyped && !field.validity.valid ? field.validationMessage : undefined
}
