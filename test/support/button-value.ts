import type { Message } from '../../src/simulator/slack/workspace/records.ts'

/** The value of the newest button of that action. Throws where there is none. */
export function buttonValue(messages: readonly Message[], action: string): string {
  const found = messages.flatMap(({ blocks }) => valuesIn(blocks, `imagepull:${action}`)).at(-1)
  if (found === undefined) throw new Error(`there is no button ${action}`)
  return found
}

function valuesIn(of: unknown, actionId: string): readonly string[] {
  if (Array.isArray(of)) return of.flatMap((it) => valuesIn(it, actionId))
  if (typeof of !== 'object' || of === null) return []
  if ('action_id' in of && of.action_id === actionId && 'value' in of) return [String(of.value)]
  return Object.values(of).flatMap((it) => valuesIn(it, actionId))
}
