import { maybe } from '../../diagnosis/maybe.ts'
import type { Observation } from '../../diagnosis/observation.ts'
import { rowById } from '../../messages/rows.ts'
import { findingOfRow } from './cause-of-row.ts'
import { message } from './checks/message.ts'
import type { Names } from './checks/names.ts'
import { names } from './checks/names.ts'
import { type NodeLogin, nodeLogin } from './checks/node-login.ts'
import type { PullFinding } from './finding.ts'
import { identityRemedies } from './node-identity.ts'
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

interface NodeFacts {
  readonly message: ContainerPull
  readonly names: Names
  readonly nodeLogin: Observation<NodeLogin | undefined>
}

/** The same for a refusal: where the node logs in by its own identity, that is what has to be mended, and no pull secret. */
export function presumeOfNode(id: string) {
  const row = presumeRow(id)
  return {
    needs: { message, names, nodeLogin: maybe(nodeLogin) },
    explain(facts: NodeFacts): PullFinding | undefined {
      const found = row.explain(facts)
      const identity = facts.nodeLogin.known ? facts.nodeLogin.value?.identity : undefined
      return found && identity ? { ...found, remedies: identityRemedies(identity) } : found
    },
  }
}
