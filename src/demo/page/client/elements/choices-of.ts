import type { MenuItem } from '../parts/menu.ts'
import type { Desk } from '../state/desk.ts'

interface Option {
  readonly text: { readonly text: string }
  readonly value?: string
  readonly description?: { readonly text: string }
}

/** What a menu of Slack offers: its own options, or people, or channels. */
export interface Chooser {
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
