import type { ConfirmationDialog } from '@slack/types'
import type { ComponentChild } from 'preact'
import { useState } from 'preact/hooks'
import { type Desk, useDesk } from '../state/desk.ts'
import { Icon } from './icon.tsx'
import { Menu, type MenuItem } from './menu.tsx'
import { usePress } from './use-press.ts'

interface SelectElementProps {
  readonly element: Chooser & {
    readonly action_id?: string
    readonly confirm?: ConfirmationDialog
    readonly placeholder?: { readonly text: string }
  }
  readonly blockId: string
}

/** A menu in a message. Each choice is sent to the app. */
export function SelectElement({ element, blockId }: SelectElementProps): ComponentChild {
  const desk = useDesk()
  const [chosen, setChosen] = useState(() => [initialOf(element)].flat()[0])
  const { isBusy, press, question } = usePress(element, blockId)
  const placeholder = element.placeholder?.text ?? 'Choose'
  function choose(value: string): void {
    setChosen(value)
    press(value)
  }
  const items = choicesOf(element, desk)
  return (
    <>
      <SelectButton
        label={placeholder}
        placeholder={placeholder}
        items={items}
        chosen={chosen}
        isBusy={isBusy}
        onChoose={choose}
      />
      {question}
    </>
  )
}

interface SelectButtonProps {
  readonly label: string
  readonly placeholder: string
  readonly items: readonly MenuItem[]
  readonly chosen: string | undefined
  readonly isBusy?: boolean
  onChoose(value: string): void
}

/** A menu button that shows the current choice. */
export function SelectButton({
  label,
  placeholder,
  items,
  chosen,
  isBusy = false,
  onChoose,
}: SelectButtonProps): ComponentChild {
  const shown = items.find(({ value }) => value === chosen)?.label
  const words = shown ?? placeholder
  const kind = `button button-select ${isBusy ? 'busy' : ''}`
  return (
    <Menu
      label={words === label ? label : `${label}: ${words}`}
      class={kind}
      items={items}
      chosen={chosen}
      onChoose={onChoose}
    >
      <span class={shown ? '' : 'placeholder'}>{words}</span>
      <Icon name="down" />
    </Menu>
  )
}

interface Option {
  readonly text: { readonly text: string }
  readonly value?: string
  readonly description?: { readonly text: string }
}

/** The options of a Slack menu: its own, users, or channels. */
interface Chooser {
  readonly type: string
  readonly options?: readonly Option[]
  readonly option_groups?: readonly { readonly options: readonly Option[] }[]
}

export function choicesOf(
  { type, options = [], option_groups = [] }: Chooser,
  { users, channels }: Desk,
): readonly MenuItem[] {
  if (type.endsWith('users_select'))
    return [...users.values()].filter(({ isBot }) => !isBot).map(({ id, realName }) => ({ value: id, label: realName }))
  if (/(?:channels|conversations)_select$/.test(type))
    return [...channels.values()].filter(({ name }) => name).map(({ id, name }) => ({ value: id, label: `#${name}` }))
  return [...options, ...option_groups.flatMap((group) => group.options)].map(({ text, value = '', description }) => ({
    value,
    label: text.text,
    description: description?.text,
  }))
}

/** Returns the initial value of an element: a list for multiple choices. undefined: none. */
export function initialOf(element: object): string | readonly string[] | undefined {
  const { initial_option, initial_options, ...rest } = element as {
    readonly initial_option?: { readonly value?: string }
    readonly initial_options?: readonly { readonly value?: string }[]
  } & Readonly<Record<string, unknown>> // fields that some elements have
  if (initial_option) return initial_option.value
  if (initial_options) return initial_options.map(({ value = '' }) => value)
  const [given] = [
    'value',
    'user',
    'channel',
    'conversation',
    'date',
    'time',
    'date_time',
    'users',
    'channels',
    'conversations',
  ]
    .map((name) => rest[`initial_${name}`])
    .filter((value) => value !== undefined)
  if (Array.isArray(given)) return given.map(String)
  return typeof given === 'string' || typeof given === 'number' ? String(given) : undefined
}
