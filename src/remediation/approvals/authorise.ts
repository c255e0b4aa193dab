import type { Action } from '../action.ts'
import { type WhoMay, whoMay } from '../permissions.ts'
import type { RemediationWorld } from '../remediation-world.ts'
import type { Approval } from './approval.ts'

/** Where and what somebody wants to act. */
interface Wish {
  readonly action: Action
  readonly cluster: string
  readonly namespace: string
  readonly channel: string
  readonly user: string
}

export type Authority =
  | { readonly may: true }
  /** A guest, somebody of another organisation, a bot; or nobody could say. */
  | { readonly may: false; readonly why: 'outsider' }
  /** Not in this channel. */
  | { readonly may: false; readonly why: 'place' }
  /** The configuration allows it to others. */
  | { readonly may: false; readonly why: 'person'; readonly who: WhoMay }

/** Whether somebody may do something, by what the configuration and the workspace say now. */
export async function authorise(
  { people, permissions, places }: Pick<RemediationWorld, 'people' | 'permissions' | 'places'>,
  { action, cluster, namespace, channel, user }: Wish,
): Promise<Authority> {
  if ((await people.standing(user)) !== 'member') return { may: false, why: 'outsider' }
  if (!(await places.allows(channel, { changes: action.who === 'permitted', cluster, namespace })))
    return { may: false, why: 'place' }
  if (action.who === 'member') return { may: true }
  const who = whoMay(permissions, { action: action.id, cluster, namespace })
  const may = who.anybody || who.users.includes(user) || (await people.isInAny(user, who.groups))
  return may ? { may: true } : { may: false, why: 'person', who }
}

/** Of what was approved: the same question again, when it is to be done. */
export function authoriseApproval(world: RemediationWorld, action: Action, approval: Approval): Promise<Authority> {
  const { channel, decidedBy } = approval
  const { cluster, namespace } = approval.plan
  return authorise(world, { action, cluster, namespace, channel, user: decidedBy?.user ?? '' })
}
