import type { KnownBlock } from '@slack/types'
import type { Check, Incident } from '../../incidents/incident.ts'
import type { PlanStep } from '../../playbooks/image-pull/plan.ts'
import { plain } from '../../text.ts'
import { type PlanForm, taskBlocks } from './task-blocks.ts'

/** Characters of a plan's title, as of a task's. */
const titleLimit = 250

/** Before anything has begun: Slack refuses a plan without a task. */
const first: PlanStep = { id: 'pod', title: 'Reading the pod', state: 'running' }

/** What is being looked at, step by step. */
export function planBlocks({ plan }: Pick<Incident, 'plan'>, form: PlanForm): KnownBlock[] {
  return taskBlocks(planTitle(plan.check), plan.steps.length > 0 ? plan.steps : [first], form)
}

/** `Checked 14 things in 2.8 s, 1 not possible`. */
export function planTitle({ state, looked, unseen, took, failure }: Check): string {
  if (state === 'failed') return `Not checked: ${failure ? plain(failure) : 'it was not possible'}`.slice(0, titleLimit)
  if (state !== 'done') return 'Checking'
  const seconds = took === undefined ? '' : ` in ${(took / 1_000).toFixed(1)} s`
  return `Checked ${looked} things${seconds}${unseen > 0 ? `, ${unseen} not possible` : ''}`
}
