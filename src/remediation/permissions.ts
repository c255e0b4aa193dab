/** One entry of the configuration's `permissions`: "*" stands for any. What no entry allows is denied. */
export interface ActionPermission {
  readonly action: string
  readonly clusters: readonly string[]
  readonly namespaces: readonly string[]
  readonly groups: readonly string[]
  readonly users: readonly string[]
}

/** What somebody wants to do, and where. */
export interface Deed {
  readonly action: string
  readonly cluster: string
  readonly namespace: string
}

/** Slack groups and users that the configuration allows something; `anybody`: whoever is a member of the workspace. */
export interface WhoMay {
  readonly groups: readonly string[]
  readonly users: readonly string[]
  readonly anybody: boolean
}

/** Pure. */
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
 * Who somebody is, as the workspace itself says now. `unknown`: it could not be asked. `not-granted`: the app may never ask,
 * because its operator did not grant the scope `users:read`.
 */
export type Standing = 'member' | 'guest' | 'stranger' | 'deleted' | 'bot' | 'unknown' | 'not-granted'

/** Asks about people at the click: nothing older than a minute counts. */
export interface People {
  standing(user: string): Promise<Standing>
  /** Whether somebody is in one of these user groups. false, too, where that could not be asked. */
  isInAny(user: string, groups: readonly string[]): Promise<boolean>
}

/** Says where in Slack something may be done. */
export interface ActionPlaces {
  /**
   * `changes`: the action changes the cluster. false: the channel is not listed for it, or another organisation reads the
   * channel.
   */
  allows(
    channel: string,
    of: { readonly changes: boolean; readonly cluster: string; readonly namespace: string },
  ): Promise<boolean>
}
