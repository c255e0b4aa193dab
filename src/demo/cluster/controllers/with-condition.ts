import { timestamp } from '../../clock.ts'

export interface Condition {
  readonly type: string
  readonly status: 'True' | 'False'
  readonly reason?: string
  readonly message?: string
}

type Written = Readonly<Record<string, unknown>>

/** The conditions with this one among them; its transition time is kept where its status is. */
export function withCondition(conditions: readonly Written[], next: Condition, now: number): readonly Written[] {
  const before = conditions.find(({ type }) => type === next.type)
  const lastTransitionTime = before?.status === next.status ? before.lastTransitionTime : timestamp(now)
  return [...conditions.filter(({ type }) => type !== next.type), { ...before, ...next, lastTransitionTime }]
}
