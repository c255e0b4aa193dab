/** Who somebody is, as the workspace itself says now. `unknown`: it could not be asked. */
export type Standing = 'member' | 'guest' | 'stranger' | 'deleted' | 'bot' | 'unknown'

/** Asks about people at the click: nothing older than a minute counts. */
export interface People {
  standing(user: string): Promise<Standing>
  /** Whether somebody is in one of these user groups. false, too, where that could not be asked. */
  isInAny(user: string, groups: readonly string[]): Promise<boolean>
}
