/** One line of the doctor's: what was looked at, how it is, and what mends it. */
export interface Finding {
  readonly of: string
  /** `unsure`: it could not be looked at, or it only matters for a part. */
  readonly state: 'ok' | 'unsure' | 'bad'
  readonly says: string
  readonly fix?: string
}
