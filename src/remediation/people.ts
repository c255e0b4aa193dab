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
