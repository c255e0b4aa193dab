import { z } from 'zod'
import { CannotAct } from './attempts.ts'

export interface Wanted {
  readonly actionId: string
  /** Needed if several blocks have the same action. */
  readonly blockId?: string
  /** The value of a button, an option, or a user. */
  readonly value?: string
}

const visibility = z.looseObject({ visible_to_user_ids: z.array(z.string()).optional() })

/** Finds an element. Throws CannotAct if none or several match. */
export function findElement(blocks: readonly unknown[], wanted: Wanted, user: string): UsableElement {
  const shown = usableElements(blocks).filter(({ fields }) => isVisible(fields, user))
  const found = shown.filter((element) => isMeant(element, wanted))
  const [first, second] = found
  if (!first) {
    const offered = shown.map((element) => element.actionId).join(', ') || 'nothing'
    throw new CannotAct('no-such-element', `no ${wanted.actionId} to press: there is ${offered}`)
  }
  if (second) throw new CannotAct('ambiguous', `${found.length} elements are ${wanted.actionId}: give value or blockId`)
  return first
}

function isVisible(fields: UsableElement['fields'], user: string): boolean {
  const { visible_to_user_ids } = visibility.parse(fields)
  return visible_to_user_ids?.includes(user) ?? true
}

function isMeant({ actionId, blockId, fields, type }: UsableElement, wanted: Wanted): boolean {
  if (actionId !== wanted.actionId || (wanted.blockId ?? blockId) !== blockId) return false
  return type !== 'button' || wanted.value === undefined || fields.value === wanted.value
}

const optionSchema = z.looseObject({ value: z.string() })
const offeredSchema = z.looseObject({
  options: z.array(optionSchema).optional(),
  option_groups: z.array(z.looseObject({ options: z.array(optionSchema) })).optional(),
})

/** Returns the fields that represent a choice in a payload or a view's state, by the element's type. */
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

/** Finds an option. Throws CannotAct if it is not offered. */
function optionOf({ fields, actionId }: UsableElement, value: string): unknown {
  const { options = [], option_groups = [] } = offeredSchema.parse(fields)
  const offered = [...options, ...option_groups.flatMap((group) => group.options)]
  const found = offered.find((option) => option.value === value)
  if (!found) throw new CannotAct('no-such-element', `${actionId} offers no "${value}"`)
  return found
}

/** An interactive element, with its block. */
interface UsableElement {
  readonly blockId: string
  readonly actionId: string
  readonly type: string
  /** As it was sent. */
  readonly fields: Readonly<Record<string, unknown>>
}

/** Returns all elements with an action_id, in reading order. */
export function usableElements(value: unknown, blockId = ''): readonly UsableElement[] {
  if (typeof value !== 'object' || value === null) return []
  const fields = value as Readonly<Record<string, unknown>> // an object: any field may be there or not
  const around = typeof fields.block_id === 'string' ? fields.block_id : blockId
  const inside = Object.values(fields).flatMap((each) => usableElements(each, around))
  if (typeof fields.action_id !== 'string') return inside
  return [{ blockId: around, actionId: fields.action_id, type: String(fields.type), fields }, ...inside]
}

/** Escapes the three characters that could be markup in a typed text, as Slack does. */
export function typedText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

const buttonFields = ['text', 'value', 'style', 'url', 'icon', 'confirm', 'accessibility_label']
const feedbackSchema = z.looseObject({
  positive_button: z.looseObject({ value: z.string() }),
  negative_button: z.looseObject({ value: z.string() }),
})

/** One of the `actions` of a payload. https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
export function actionOf(
  element: UsableElement,
  value: string | undefined,
  ts: string,
): Readonly<Record<string, unknown>> {
  const { actionId, blockId, type } = element
  return { type, action_id: actionId, block_id: blockId, ...said(element, value), action_ts: ts }
}

function said(element: UsableElement, value: string | undefined): Readonly<Record<string, unknown>> {
  const { fields, type } = element
  if (type === 'button' || type === 'icon_button')
    return Object.fromEntries(Object.entries(fields).filter(([name]) => buttonFields.includes(name)))
  if (type === 'feedback_buttons') return feedback(element, value)
  if (value === undefined) throw new CannotAct('no-such-element', `${element.actionId} needs a value to choose`)
  return { ...(fields.confirm !== undefined && { confirm: fields.confirm }), ...chosenOf(element, value) }
}

function feedback({ fields, actionId }: UsableElement, value: string | undefined): Readonly<Record<string, unknown>> {
  const { positive_button, negative_button } = feedbackSchema.parse(fields)
  const pressed = [positive_button, negative_button].find((button) => button.value === value)
  if (!pressed) throw new CannotAct('no-such-element', `${actionId} has no button "${value}"`)
  return pressed
}
