import type { z } from 'zod'
import type { Incident } from '../incidents/incident.ts'
import type { Cluster, Permission } from '../kubernetes/cluster.ts'
import type { ClusterWrites } from '../kubernetes/writes.ts'
import type { Text } from '../text.ts'
import type { ActionId } from './action-id.ts'
import type { PlanTarget } from './approvals/approval.ts'
import type { ActionFacts } from './facts.ts'
import type { RemediationSettings } from './settings.ts'
import type { Step } from './step.ts'

/** What an offer is decided by: what is known of the incident, and what the newest look at it saw. */
export interface Situation {
  readonly incident: Incident
  readonly facts: ActionFacts
  readonly settings: RemediationSettings
  readonly now: Date
}

/** Whether something is sensible here. undefined: it has nothing to do with this. */
export type Offering =
  | { readonly offered: 'primary' | 'button' | 'menu' }
  /** `reason`: a sentence. */
  | { readonly offered: 'no'; readonly reason: Text }
  | undefined

export interface PlanWorld {
  readonly cluster: Cluster
  readonly raw: ClusterWrites['raw']
  readonly settings: RemediationSettings
  /** A checkout, where one is configured. */
  readonly gitDirectory: string | undefined
}

/** What exactly would be done, in its own terms and in words. */
export interface Planned<D> {
  readonly namespace: string
  readonly target: PlanTarget
  readonly details: D
  /** In the place of the action's own. */
  readonly label?: string
  /** `Rerun this build?`, its sentences, and the word of the button. The sentences that must not be cut come first. */
  readonly confirm: { readonly title: string; readonly says: readonly string[]; readonly yes: string }
  /** In the place of what the facts alone said: not the first thing to do after all, or more than one of a menu. */
  readonly place?: 'button'
}

/** `reason`: a sentence. */
export interface Unplanned {
  readonly refused: Text
}

export interface ActionSpec<D> {
  readonly id: ActionId
  /** `Rerun build` */
  readonly label: string
  /** `permitted`: whom the configuration names; `member`: whoever may ask here, for it changes nothing in the cluster. */
  readonly who: 'permitted' | 'member'
  /** A fresh diagnosis must still offer it when it is done. Not for what only speaks. */
  readonly checkedAnew: boolean
  readonly details: z.ZodType<D>
  /** Pure. */
  offer(situation: Situation): Offering
  /** Read-only. undefined: what was read says that it has nothing to do with this. Throws ClusterError. */
  plan(situation: Situation, world: PlanWorld, signal: AbortSignal): Promise<Planned<D> | Unplanned | undefined>
  /** What this program itself must be allowed. */
  needs(details: D): readonly Permission[]
  /** What of the details must still be the same when it is done. Default: all of them. */
  binds?(details: D): unknown
  /** Of what was planned now only that which was offered then. Default: all. */
  narrowed?(now: D, offered: D): D
  readonly steps: readonly Step<D>[]
}

/** An action whose details were written by itself, and are parsed before it sees them. */
export type Action = ActionSpec<unknown>

export function action<D>(spec: ActionSpec<D>): Action {
  const { details, needs, binds, narrowed, steps, ...rest } = spec
  return {
    ...rest,
    details,
    plan: spec.plan.bind(spec),
    offer: spec.offer.bind(spec),
    needs: (given) => needs.call(spec, details.parse(given)),
    binds: (given) => (binds ? binds.call(spec, details.parse(given)) : given),
    narrowed: (now, offered) =>
      narrowed ? narrowed.call(spec, details.parse(now), details.parse(offered)) : details.parse(now),
    steps: steps.map(
      (step): Step<unknown> => ({
        id: step.id,
        title: (given) => step.title(details.parse(given)),
        only: (given) => step.only?.(details.parse(given)) ?? true,
        run: (context) => step.run({ ...context, details: details.parse(context.details) }),
      }),
    ),
  }
}
