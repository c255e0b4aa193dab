import type { Action } from '../action.ts'
import { type ActionPermission, type ActionPlaces, type People, type WhoMay, whoMay } from '../permissions.ts'
import type { Approval } from './approval.ts'

/** What a person wants to do, and where. */
export interface ActionRequest {
  readonly action: Action
  readonly cluster: string
  readonly namespace: string
  readonly channel: string
  readonly user: string
}

export type Authority =
  | { readonly allowed: true }
  /** A guest, a bot, a deleted account, or a person from another organisation. */
  | { readonly allowed: false; readonly why: 'outsider' }
  /** Slack did not say who the person is. */
  | { readonly allowed: false; readonly why: 'unidentified' }
  /** Slack never says who people are, because the app lacks the scope `users:read`. */
  | { readonly allowed: false; readonly why: 'scope-missing' }
  /** This channel may not be used for it. */
  | { readonly allowed: false; readonly why: 'place' }
  /** The configuration allows it to other people. */
  | { readonly allowed: false; readonly why: 'person'; readonly who: WhoMay }

export type Authorise = (request: ActionRequest) => Promise<Authority>

interface AuthorityOptions {
  readonly people: People
  readonly places: ActionPlaces
  readonly permissions: readonly ActionPermission[]
}

/** Makes the function that decides whether a person may do something, by what the configuration and the workspace say now. */
export function createAuthority({ people, places, permissions }: AuthorityOptions): Authorise {
  return async ({ action, cluster, namespace, channel, user }) => {
    const standing = await people.standing(user)
    if (standing === 'unknown') return { allowed: false, why: 'unidentified' }
    if (standing === 'not-granted') return { allowed: false, why: 'scope-missing' }
    if (standing !== 'member') return { allowed: false, why: 'outsider' }
    if (!(await places.allows(channel, { changes: action.who === 'permitted', cluster, namespace })))
      return { allowed: false, why: 'place' }
    if (action.who === 'member') return { allowed: true }
    const who = whoMay(permissions, { action: action.id, cluster, namespace })
    const allowed = who.anybody || who.users.includes(user) || (await people.isInAny(user, who.groups))
    return allowed ? { allowed: true } : { allowed: false, why: 'person', who }
  }
}

/** Returns the request of an approval, which is authorised again when the action is executed. */
export function toRequest(action: Action, { channel, decidedBy, plan }: Approval): ActionRequest {
  const { cluster, namespace } = plan
  return { action, cluster, namespace, channel, user: decidedBy?.user ?? '' }
}
