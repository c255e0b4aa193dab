import { rowById } from '../../messages/rows.ts'
import { findingOfRow } from './cause-of-row.ts'
import { message } from './checks/message.ts'
import type { Names } from './checks/names.ts'
import { names } from './checks/names.ts'
import type { PullFinding } from './finding.ts'
import type { ContainerPull } from './pull.ts'

/** What the text alone says of a cause that a fact decides: it stands while that fact is unknown. */
export function presumeRow(id: string) {
  const row = rowById(id)
  return {
    needs: { message, names },
    explain: (facts: { readonly message: ContainerPull; readonly names: Names }): PullFinding | undefined =>
      row && findingOfRow(row, facts.message, facts.names),
  }
}
