import type { Cause } from '../../diagnosis/cause.ts'
import type { Kind } from '../../messages/kinds.ts'
import { rows } from '../../messages/rows.ts'
import { causeOfRow } from './cause-of-row.ts'
import type { PullFinding } from './finding.ts'

type PullCause = Cause<Kind, PullFinding>

const all: ReadonlyMap<string, PullCause> = new Map(rows.map((row) => [row.id, causeOfRow(row)]))

/** A cause that text decides, for one that explains it. Throws for an id without a row: a misspelling. */
export function rowCause(id: string): PullCause {
  const cause = all.get(id)
  if (!cause) throw new Error(`no row of messages/ has the id ${id}`)
  return cause
}

/** All of them in the rows' order, but those whose id a file decides by facts. */
export function rowCausesBut(decided: readonly PullCause[]): readonly PullCause[] {
  const ids = new Set(decided.map((cause) => cause.id))
  return [...all.values()].filter((cause) => !ids.has(cause.id))
}
