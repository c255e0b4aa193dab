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

/** What decides about an offer: the incident, and the facts of the newest diagnosis. */
export interface Situation {
  readonly incident: Incident
  readonly facts: ActionFacts
  readonly settings: RemediationSettings
  readonly now: Date
}

/** Whether an action is offered. undefined: it has nothing to do with this situation. */
export type Offering =
  | { readonly offered: 'primary' | 'button' | 'menu' }
  /** `reason`: a sentence. */
  | { readonly offered: 'no'; readonly reason: Text }
  | undefined

export interface PlanWorld {
  readonly cluster: Cluster
  readonly raw: ClusterWrites['raw']
  readonly settings: RemediationSettings
  /** The Git checkout, if one is configured. */
  readonly gitDirectory: string | undefined
}

/** The plan of an action, as data and in words. */
export interface Planned<D> {
  readonly namespace: string
  readonly target: PlanTarget
  readonly details: D
  /** Replaces the action's label. */
  readonly label?: string
  /** The question, its sentences, and the label of its button. The sentences that must not be cut come first. */
  readonly confirm: { readonly title: string; readonly sentences: readonly string[]; readonly yes: string }
  /**
   * Replaces the place that the facts suggested, because it is not the first thing to do, or more than an entry of the
   * menu.
   */
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
  /**
   * `permitted`: the people whom the configuration names. `member`: everybody who may ask here, because the action
   * changes nothing in the cluster.
   */
  readonly who: 'permitted' | 'member'
  /**
   * Whether a fresh diagnosis must still offer the action when it is executed. Not for actions that only post
   * something.
   */
  readonly checkedAnew: boolean
  readonly details: z.ZodType<D>
  /** Decides whether the action is offered. Pure. */
  offer(situation: Situation): Offering
  /**
   * Plans the action, and changes nothing. undefined: what was read shows that the action does not apply. Throws
   * ClusterError.
   */
  plan(situation: Situation, world: PlanWorld, signal: AbortSignal): Promise<Planned<D> | Unplanned | undefined>
  /** Returns the permissions that this program itself needs. */
  needs(details: D): readonly Permission[]
  /** Returns the details that must still be the same when the action is executed. Default: all of them. */
  binds?(details: D): unknown
  /** Limits the new plan to what was offered. Default: no limit. */
  narrowed?(now: D, offered: D): D
  readonly steps: readonly Step<D>[]
}

/** An action that parses its stored details before it uses them. */
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
