/** One line of `doctor`: what was checked, the result, and how to fix it. */
export interface Finding {
  readonly of: string
  /** `unsure`: it could not be checked, or only a part of imagepull needs it. */
  readonly state: 'ok' | 'unsure' | 'bad'
  readonly says: string
  readonly fix?: string
}
