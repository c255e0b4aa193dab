import type { InputBlock, KnownBlock } from '@slack/types'
import { initialOf } from '../elements/select.tsx'

/** What stands in the inputs of a modal, by action_id. */
export type Values = Readonly<Record<string, string | readonly string[]>>

/** The inputs of a modal, in order. */
export function inputsOf(blocks: readonly KnownBlock[]): readonly InputBlock[] {
  return blocks.filter((block) => block.type === 'input')
}

/** What stands in them at first. */
export function initialValues(blocks: readonly KnownBlock[]): Values {
  const entries = inputsOf(blocks).flatMap(({ element }) => {
    const value = initialOf(element)
    return element.action_id && value !== undefined ? [[element.action_id, value] as const] : []
  })
  return Object.fromEntries(entries)
}

/** By block_id, what Slack would not send: what must be filled in and is not, and what the browser finds wrong. */
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
