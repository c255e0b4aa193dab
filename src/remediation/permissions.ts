/** One entry of the configuration's `permissions`. "*" stands for any value. What no entry allows is denied. */
export interface ActionPermission {
  readonly action: string
  readonly clusters: readonly string[]
  readonly namespaces: readonly string[]
  readonly groups: readonly string[]
  readonly users: readonly string[]
}

/** What a person wants to do, and where. */
export interface Deed {
  readonly action: string
  readonly cluster: string
  readonly namespace: string
}

/** The Slack groups and users to whom the configuration allows something. `anybody`: every member of the workspace. */
export interface WhoMay {
  readonly groups: readonly string[]
  readonly users: readonly string[]
  readonly anybody: boolean
}

/** Finds who may do something by the configuration. Pure. */
export function whoMay(permissions: readonly ActionPermission[], { action, cluster, namespace }: Deed): WhoMay {
  const fits = (allowed: readonly string[], it: string): boolean => allowed.includes('*') || allowed.includes(it)
  const own = permissions.filter(
    (it) => (it.action === '*' || it.action === action) && fits(it.clusters, cluster) && fits(it.namespaces, namespace),
  )
  const groups = new Set(own.flatMap((it) => it.groups))
  const users = new Set(own.flatMap((it) => it.users))
  const anybody = groups.delete('*') || users.has('*')
  users.delete('*')
  return { groups: [...groups], users: [...users], anybody }
}

export function isNobody({ groups, users, anybody }: WhoMay): boolean {
  return groups.length === 0 && users.length === 0 && !anybody
}

/**
 * Who a person is, as the workspace says now. `unknown`: Slack did not answer. `not-granted`: the app may not ask,
 * because its operator did not grant the scope `users:read`.
 */
export type Standing = 'member' | 'guest' | 'stranger' | 'deleted' | 'bot' | 'unknown' | 'not-granted'

/** Tells who people are when they click. An answer counts for at most one minute. */
export interface People {
  standing(user: string): Promise<Standing>
  /** Tells whether a person is in one of these user groups. false also if Slack does not answer. */
  isInAny(user: string, groups: readonly string[]): Promise<boolean>
}

/** Tells where in Slack an action may be started. */
export interface ActionPlaces {
  /**
   * Tells whether a channel may be used for an action. @param of `changes`: the action changes the cluster. @returns
   * false: the channel is not listed for it, or another organisation reads the channel.
   */
  allows(
    channel: string,
    of: { readonly changes: boolean; readonly cluster: string; readonly namespace: string },
  ): Promise<boolean>
}
