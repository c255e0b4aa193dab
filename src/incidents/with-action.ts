import { text } from '../text.ts'
import type { ActionEntry } from './action-entry.ts'
import type { Incident } from './incident.ts'

const limits = { timeline: 100, actions: 40 } as const

/** The incident with that action as it is now; what a person did, and how it ended, also stand in the timeline. Pure. */
export function withAction(before: Incident, entry: ActionEntry, at: string): Incident {
  const index = before.actions.findIndex(({ id }) => id === entry.id)
  const known = before.actions[index]
  if (known && isBack(known.state, entry.state)) return before
  const actions = known ? before.actions.with(index, entry) : withinLimit([...before.actions, entry])
  if (known?.state === entry.state || entry.state === 'running') return { ...before, actions }
  const person = entry.state === 'asked' ? entry.askedBy : entry.by
  const detail = text`${entry.label}: ${entry.state}${entry.reason ? text`, ${entry.reason}` : ''}`
  const line = { at, what: 'action' as const, ...(person && { by: person.user }), detail }
  return { ...before, actions, timeline: [...before.timeline, line].slice(-limits.timeline) }
}

/** Beyond the limit the oldest that has ended is left out; the audit still has it. */
function withinLimit(actions: readonly ActionEntry[]): ActionEntry[] {
  const over = actions.length - limits.actions
  const left = new Set(actions.filter(({ state }) => isEnded[state]).slice(0, Math.max(0, over)))
  return actions.filter((it) => !left.has(it)).slice(-limits.actions)
}

const isEnded: Readonly<Record<ActionEntry['state'], boolean>> = {
  ...{ asked: false, approved: false, running: false },
  ...{ done: true, failed: true, refused: true, declined: true, expired: true },
}

/** How far it is: what is told late by one process is not to undo what another has told since. */
const order: Readonly<Record<ActionEntry['state'], number>> = {
  ...{ declined: 0, expired: 0, asked: 1, approved: 2, running: 3, done: 4, failed: 4, refused: 4 },
}

function isBack(known: ActionEntry['state'], next: ActionEntry['state']): boolean {
  const again = order[next] === 0 && order[known] <= 2 // a request, or an approval that nobody began
  return order[next] < order[known] && !again
}
