import type { InputBlock, KnownBlock } from '@slack/types'
import { initialOf } from '../elements/initial-of.ts'

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
