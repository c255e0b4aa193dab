import type { Action } from '../action.ts'
import { type ActionPermission, type ActionPlaces, type People, type WhoMay, whoMay } from '../permissions.ts'
import type { Approval } from './approval.ts'

/** What somebody wants to do, and where. */
export interface ActionRequest {
  readonly action: Action
  readonly cluster: string
  readonly namespace: string
  readonly channel: string
  readonly user: string
}

export type Authority =
  | { readonly allowed: true }
  /** A guest, somebody of another organisation, a bot, or nobody could say who it is. */
  | { readonly allowed: false; readonly why: 'outsider' }
  /** This channel may not be used for it. */
  | { readonly allowed: false; readonly why: 'place' }
  /** The configuration allows it to others. */
  | { readonly allowed: false; readonly why: 'person'; readonly who: WhoMay }

export type Authorise = (request: ActionRequest) => Promise<Authority>

interface Dependencies {
  readonly people: People
  readonly places: ActionPlaces
  readonly permissions: readonly ActionPermission[]
}

/** Decides whether somebody may do something, by what the configuration and the workspace say now. */
export function createAuthority({ people, places, permissions }: Dependencies): Authorise {
  return async ({ action, cluster, namespace, channel, user }) => {
    if ((await people.standing(user)) !== 'member') return { allowed: false, why: 'outsider' }
    if (!(await places.allows(channel, { changes: action.who === 'permitted', cluster, namespace })))
      return { allowed: false, why: 'place' }
    if (action.who === 'member') return { allowed: true }
    const who = whoMay(permissions, { action: action.id, cluster, namespace })
    const allowed = who.anybody || who.users.includes(user) || (await people.isInAny(user, who.groups))
    return allowed ? { allowed: true } : { allowed: false, why: 'person', who }
  }
}

/** The request of an approval. It is authorised again when the action is to be done. */
export function requestOf(action: Action, { channel, decidedBy, plan }: Approval): ActionRequest {
  const { cluster, namespace } = plan
  return { action, cluster, namespace, channel, user: decidedBy?.user ?? '' }
}
