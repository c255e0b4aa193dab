import type { KnownBlock, PlanBlock } from '@slack/types'
import type { PlanStep } from '../../playbooks/image-pull/plan.ts'
import { redact } from '../../secret.ts'
import { plain } from '../../text.ts'
import { shorten } from './shorten.ts'

/** A workspace may refuse plans: then the same is lines of plain text. */
export type PlanForm = 'plan' | 'lines'

type Status = NonNullable<Extract<NonNullable<PlanBlock['tasks']>[number], { type: 'task_card' }>['status']>
type Step = Pick<PlanStep, 'id' | 'title' | 'state'> & { readonly result?: PlanStep['result'] | undefined }

const statuses: Readonly<Record<PlanStep['state'], Status>> = {
  pending: 'pending',
  running: 'in_progress',
  done: 'complete',
  failed: 'error',
}
const signs: Readonly<Record<PlanStep['state'], string>> = { pending: '○', running: '●', done: '✓', failed: '✗' }
/** Characters of a task's title: what facts of the streaming methods say of theirs. */
const titleLimit = 250

/** Steps under a title, each with how far it is. */
export function taskBlocks(title: string, steps: readonly Step[], form: PlanForm): KnownBlock[] {
  if (form === 'lines') {
    const lines = [title, ...steps.map((step) => `${signs[step.state]} ${titleOf(step)}`)]
    return [{ type: 'section', text: { type: 'plain_text', text: lines.join('\n') } }]
  }
  const tasks = steps.map((step) => ({
    type: 'task_card' as const,
    task_id: step.id,
    title: titleOf(step),
    status: statuses[step.state],
  }))
  return [{ type: 'plan', title, tasks }]
}

function titleOf({ title, result }: Step): string {
  return result ? shorten(`${title}: ${redact(plain(result))}`, titleLimit) : title
}
