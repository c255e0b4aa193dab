/** What can be used in shown blocks, with the block that it is in. */
export interface UsableElement {
  readonly blockId: string
  readonly actionId: string
  readonly type: string
  /** As it was sent. */
  readonly fields: Readonly<Record<string, unknown>>
}

/** Each element with an action_id, in reading order, in whatever container or card. */
export function usableElements(value: unknown, blockId = ''): readonly UsableElement[] {
  if (typeof value !== 'object' || value === null) return []
  const fields = value as Readonly<Record<string, unknown>> // an object: any field may be there or not
  const around = typeof fields.block_id === 'string' ? fields.block_id : blockId
  const inside = Object.values(fields).flatMap((each) => usableElements(each, around))
  if (typeof fields.action_id !== 'string') return inside
  return [{ blockId: around, actionId: fields.action_id, type: String(fields.type), fields }, ...inside]
}
