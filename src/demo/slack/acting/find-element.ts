import { z } from 'zod'
import { CannotAct } from './cannot-act.ts'
import { type UsableElement, usableElements } from './usable-elements.ts'

export interface Wanted {
  readonly actionId: string
  /** Where the same action stands in several blocks. */
  readonly blockId?: string
  /** Of a button; or which option of a menu, which user of a list. */
  readonly value?: string
}

const visibility = z.looseObject({ visible_to_user_ids: z.array(z.string()).optional() })

/** The one element that is meant. Throws CannotAct where none or several are shown. */
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
