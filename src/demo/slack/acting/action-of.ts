import { z } from 'zod'
import { CannotAct } from './cannot-act.ts'
import { chosenOf } from './chosen-of.ts'
import type { UsableElement } from './usable-elements.ts'

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
