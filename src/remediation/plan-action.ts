import type { Cluster, Permission } from '../kubernetes/cluster.ts'
import type { ClusterWrites } from '../kubernetes/writes.ts'
import { type Text, text } from '../text.ts'
import type { Action, Offering, Planned, Situation } from './action.ts'
import type { Plan } from './approvals/approval.ts'
import { canonicalHash } from './canonical-hash.ts'
import { type ActionPermission, isNobody, whoMay } from './permissions.ts'
import type { Rights } from './rights.ts'

export type PlanOutcome =
  | { readonly outcome: 'planned'; readonly plan: Plan; readonly planned: Planned<unknown>; readonly place: Place }
  /** `reason`: a sentence, or a completion of "Not offered:". */
  | { readonly outcome: 'withheld'; readonly reason: Text }
  | { readonly outcome: 'senseless' }
type Place = Extract<Offering, { offered: 'primary' | 'button' | 'menu' }>['offered']

interface Options {
  /** Whether to ask the API server again for imagepull's own permissions, before something is executed. */
  readonly anew: boolean
  readonly gitDirectory: string | undefined
  readonly signal: AbortSignal
}

/** Throws ClusterError. */
export type PlanAction = (
  action: Action,
  situation: Situation,
  cluster: Cluster,
  options: Options,
) => Promise<PlanOutcome>

interface Dependencies {
  /** The connections that change the clusters, by name. A cluster without one is read-only. */
  readonly writes: ReadonlyMap<string, ClusterWrites>
  readonly permissions: readonly ActionPermission[]
  readonly rights: Rights
}

/**
 * Makes the function that plans an action in a situation, and finds what prevents it. It works the same when the action
 * is offered and when it is executed.
 */
export function createPlanner({ writes, permissions, rights }: Dependencies): PlanAction {
  return async (action, situation, cluster, { anew, gitDirectory, signal }) => {
    const offering = action.offer(situation)
    if (!offering) return { outcome: 'senseless' }
    if (offering.offered === 'no') return { outcome: 'withheld', reason: offering.reason }
    const raw = writes.get(cluster.name)?.raw
    if (!raw) return { outcome: 'withheld', reason: text`this cluster is read-only` }
    const { settings } = situation
    const planned = await action.plan(situation, { cluster, raw, settings, gitDirectory }, signal)
    if (!planned) return { outcome: 'senseless' }
    if ('refused' in planned) return { outcome: 'withheld', reason: planned.refused }
    const { namespace, target, details } = planned
    const place = { action: action.id, cluster: cluster.name, namespace }
    if (action.who === 'permitted' && isNobody(whoMay(permissions, place)))
      return {
        outcome: 'withheld',
        reason: text`nobody has permission in ${namespace}: see "permissions" in the configuration`,
      }
    const missing = await missingRights(rights, cluster, action.needs(details), anew, signal)
    if (missing.length > 0) return { outcome: 'withheld', reason: text`not allowed to ${missing.join(', ')}` }
    const hash = canonicalHash({ ...place, target, binds: action.binds?.(details) })
    return {
      outcome: 'planned',
      plan: { ...place, target, hash, details },
      planned,
      place: planned.place ?? offering.offered,
    }
  }
}

function missingRights(
  rights: Rights,
  cluster: Cluster,
  needs: readonly Permission[],
  anew: boolean,
  signal: AbortSignal,
): Promise<readonly string[]> {
  return anew ? rights.missingNow(cluster, needs, signal) : rights.missing(cluster, needs, signal)
}
