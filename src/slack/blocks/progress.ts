import type { KnownBlock, PlanBlock } from '@slack/types'
import type { Check, Incident } from '../../incidents/incident.ts'
import type { PlanStep } from '../../playbooks/image-pull/progress.ts'
import { redact } from '../../secret.ts'
import { plain } from '../../text.ts'
import { shorten } from './elements.ts'

/** Characters of a plan's title, as of a task's. */
const planTitleLimit = 250

/** The step shown before any has begun: Slack refuses a plan without a task. */
const first: PlanStep = { id: 'pod', title: 'Reading the pod', state: 'running' }

/** The steps of the check. */
export function planBlocks({ plan }: Pick<Incident, 'plan'>, form: PlanForm): KnownBlock[] {
  return taskBlocks(planTitle(plan.check), plan.steps.length > 0 ? plan.steps : [first], form)
}

/** `Checked 14 things in 2.8 s, 1 not possible`. */
export function planTitle({ state, looked, unseen, took, failure }: Check): string {
  if (state === 'failed')
    return `Not checked: ${failure ? plain(failure) : 'the check failed'}`.slice(0, planTitleLimit)
  if (state !== 'done') return 'Checking'
  const seconds = took === undefined ? '' : ` in ${(took / 1_000).toFixed(1)} s`
  return `Checked ${looked} things${seconds}${unseen > 0 ? `, ${unseen} not possible` : ''}`
}

/** `lines`: the workspace refuses plan blocks, so the steps are lines of plain text. */
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
/** Characters of a task's title, as the streaming methods document it. */
const titleLimit = 250

/** The steps under a title, each with its state. */
export function taskBlocks(title: string, steps: readonly Step[], form: PlanForm): KnownBlock[] {
  if (form === 'lines') {
    const lines = [title, ...steps.map((step) => `${signs[step.state]} ${toTitle(step)}`)]
    return [{ type: 'section', text: { type: 'plain_text', text: lines.join('\n') } }]
  }
  const tasks = steps.map((step) => ({
    type: 'task_card' as const,
    task_id: step.id,
    title: toTitle(step),
    status: statuses[step.state],
  }))
  return [{ type: 'plan', title, tasks }]
}

function toTitle({ title, result }: Step): string {
  return result ? shorten(`${title}: ${redact(plain(result))}`, titleLimit) : title
}
