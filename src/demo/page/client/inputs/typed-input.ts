import type { InputBlock } from '@slack/types'
import { type ComponentChild, h } from 'preact'

interface Props {
  readonly element: InputBlock['element']
  /** Of the field: the block_id. */
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
export const typedElements: ReadonlySet<string> = new Set([...Object.keys(kinds), 'rich_text_input'])

/** A field of the browser's own. Rich text is typed as plain text here. */
export function TypedInput({ element, name, value, describedBy, isInvalid, onType }: Props): ComponentChild {
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
    return h('textarea', { ...shared, rows: 4, value, onInput: type })
  const number = { min: fields.min_value, max: fields.max_value, step: fields.is_decimal_allowed ? 'any' : undefined }
  return h('input', { ...shared, ...number, type: kinds[element.type] ?? 'text', value, onInput: type })
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
