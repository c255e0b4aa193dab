import type { Cluster } from '../kubernetes/cluster.ts'
import { type Text, text } from '../text.ts'
import type { Action, Offering, Planned, Situation } from './action.ts'
import type { Plan } from './approvals/approval.ts'
import { canonicalHash } from './canonical-hash.ts'
import { isNobody, whoMay } from './permissions.ts'
import type { RemediationWorld } from './remediation-world.ts'

export type PlanOutcome =
  | { readonly outcome: 'planned'; readonly plan: Plan; readonly planned: Planned<unknown>; readonly place: Place }
  /** `reason`: a sentence, or what completes "Not offered:". */
  | { readonly outcome: 'withheld'; readonly reason: Text }
  | { readonly outcome: 'senseless' }
type Place = Extract<Offering, { offered: 'primary' | 'button' | 'menu' }>['offered']

interface Options {
  /** What this program itself may do is asked anew: before something is done. */
  readonly anew: boolean
  readonly gitDirectory: string | undefined
  readonly signal: AbortSignal
}

/**
 * What an action would do in a situation, and whether anything stands in its way. The same when it is offered and when it
 * is done. Throws ClusterError.
 */
export async function planAction(
  world: RemediationWorld,
  action: Action,
  situation: Situation,
  cluster: Cluster,
  { anew, gitDirectory, signal }: Options,
): Promise<PlanOutcome> {
  const offering = action.offer(situation)
  if (!offering) return { outcome: 'senseless' }
  if (offering.offered === 'no') return { outcome: 'withheld', reason: offering.reason }
  const writes = world.writes.get(cluster.name)
  if (!writes) return { outcome: 'withheld', reason: text`this cluster is only looked at` }
  const { settings } = situation
  const planned = await action.plan(situation, { cluster, raw: writes.raw, settings, gitDirectory }, signal)
  if (!planned) return { outcome: 'senseless' }
  if ('refused' in planned) return { outcome: 'withheld', reason: planned.refused }
  const { namespace, target, details } = planned
  if (
    action.who === 'permitted' &&
    isNobody(whoMay(world.permissions, { action: action.id, cluster: cluster.name, namespace }))
  )
    return { outcome: 'withheld', reason: text`nobody may in ${namespace}: see "permissions" in the configuration` }
  const needs = action.needs(details)
  const missing = anew
    ? await world.rights.missingNow(cluster, needs, signal)
    : await world.rights.missing(cluster, needs, signal)
  if (missing.length > 0) return { outcome: 'withheld', reason: text`not allowed to ${missing.join(', ')}` }
  const bound = { action: action.id, cluster: cluster.name, namespace, target, binds: action.binds?.(details) }
  const plan = { action: action.id, cluster: cluster.name, namespace, target, hash: canonicalHash(bound), details }
  return { outcome: 'planned', plan, planned, place: planned.place ?? offering.offered }
}
