import { z } from 'zod'
import { CannotAct } from './cannot-act.ts'
import type { UsableElement } from './usable-elements.ts'

const optionSchema = z.looseObject({ value: z.string() })
const offeredSchema = z.looseObject({
  options: z.array(optionSchema).optional(),
  option_groups: z.array(z.looseObject({ options: z.array(optionSchema) })).optional(),
})

/** The fields in which a payload or a view's state tells what a person chose of an element, by its type. */
export function chosenOf(element: UsableElement, value: string | readonly string[]): Readonly<Record<string, unknown>> {
  const [one = ''] = [value].flat()
  switch (element.type) {
    case 'overflow':
    case 'static_select':
    case 'radio_buttons':
      return { selected_option: optionOf(element, one) }
    case 'checkboxes':
    case 'multi_static_select':
      return { selected_options: [value].flat().map((each) => optionOf(element, each)) }
    case 'users_select':
      return { selected_user: one }
    case 'channels_select':
      return { selected_channel: one }
    case 'conversations_select':
      return { selected_conversation: one }
    case 'multi_users_select':
      return { selected_users: [value].flat() }
    case 'multi_channels_select':
      return { selected_channels: [value].flat() }
    case 'multi_conversations_select':
      return { selected_conversations: [value].flat() }
    case 'datepicker':
      return { selected_date: one }
    case 'timepicker':
      return { selected_time: one }
    case 'datetimepicker':
      return { selected_date_time: Number(one) }
    default:
      return { value: one }
  }
}

/** Nobody can choose what is not offered. */
function optionOf({ fields, actionId }: UsableElement, value: string): unknown {
  const { options = [], option_groups = [] } = offeredSchema.parse(fields)
  const offered = [...options, ...option_groups.flatMap((group) => group.options)]
  const found = offered.find((option) => option.value === value)
  if (!found) throw new CannotAct('no-such-element', `${actionId} offers no "${value}"`)
  return found
}
