/** What a place in Slack may know and do: from the configuration. */
export interface PlaceRights {
  /** Names of clusters; `*` is none of them here. */
  readonly clusters: readonly string[]
  /** Namespaces, or `*`. */
  readonly namespaces: readonly string[]
  readonly may: ReadonlySet<'commands' | 'alerts' | 'look' | 'actions'>
  /** Posts are allowed though another organisation reads them. */
  readonly shared: boolean
}

/** Which places the bot may be used in. What is not listed is denied. */
export interface PlacePolicy {
  /** Workspaces; the token's own if none is configured. */
  isWorkspace(team: string): boolean
  /** undefined: the channel is not listed. */
  rightsOf(channel: string): PlaceRights | undefined
  /** Channels in which commands are taken. */
  readonly channels: readonly string[]
}
