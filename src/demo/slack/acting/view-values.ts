import type { KnownBlock } from '@slack/types'
import type { View } from '../workspace/records.ts'
import type { ViewValues } from '../workspace/view-json.ts'
import { CannotAct } from './cannot-act.ts'
import { chosenOf } from './chosen-of.ts'
import { usableElements } from './usable-elements.ts'

/** What a person fills in, by action_id. An empty text is what they emptied. */
export type Filled = Readonly<Record<string, string | readonly string[]>>

/** The state of a view that is submitted. Throws CannotAct where a required input is empty, as the client would not send it. */
export function viewValues(view: View, filled: Filled): ViewValues {
  const blocks = view.content.blocks as readonly KnownBlock[] // validated when it was opened
  const inputs = blocks.filter((block) => block.type === 'input')
  return Object.fromEntries(
    inputs.map((input) => {
      const elements = usableElements(input).map((element) => {
        const value = filled[element.actionId] ?? element.fields.initial_value
        const isEmpty = value === undefined || value === ''
        if (isEmpty && !input.optional)
          throw new CannotAct('required-input', `${element.actionId} is empty, and it is not optional`)
        const chosen = isEmpty ? { value: null } : chosenOf(element, value as string | readonly string[]) // of an input
        return [element.actionId, { type: element.type, ...chosen }] as const
      })
      return [input.block_id ?? '', Object.fromEntries(elements)] as const
    }),
  )
}
