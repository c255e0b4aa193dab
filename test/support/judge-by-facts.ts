import type { Cause, Verdict } from '../../src/diagnosis/cause.ts'
import type { Observation } from '../../src/diagnosis/check.ts'
import { createRun } from '../../src/diagnosis/run.ts'
import type { Kind } from '../../src/messages/row.ts'
import type { PullFinding } from '../../src/playbooks/image-pull/model.ts'

/** What one cause makes of facts, by the ids of their checks. An Error's message is why a fact is unknown, with its `code` where it has one. */
export function judgeByFacts(
  cause: Cause<Kind, PullFinding>,
  facts: Readonly<Record<string, unknown>>,
): Promise<Verdict<PullFinding>> {
  const recall = (_path: string, id: string): Observation<unknown> => {
    const fact = facts[id]
    if (fact instanceof Error) {
      const code = 'code' in fact && typeof fact.code === 'string' ? fact.code : undefined
      return { known: false, reason: fact.message, ...(code && { code }) }
    }
    return id in facts ? { known: true, value: fact } : { known: false, reason: `the test has no ${id}` }
  }
  const defect = (_where: unknown, error: unknown): never => {
    throw error
  }
  return cause.judge(createRun({ signal: new AbortController().signal, recall, defect }))
}
