const hour = 60 * 60 * 1_000
const day = 24 * hour

/** The configuration's. */
export interface RetentionOptions {
  /** Milliseconds that an incident and what belongs to it are kept. */
  readonly keep: number
}

/** What is kept, and for how many milliseconds after it was last written. */
export function retention({ keep }: RetentionOptions) {
  return {
    incident: keep,
    'incident-key': keep,
    'reading-key': keep,
    affected: keep,
    thread: keep,
    facts: 30 * day,
    approval: 30 * day,
    mute: 30 * day,
    request: hour,
    delivery: day,
    audit: 400 * day,
    setting: 400 * day,
  } as const satisfies Readonly<Record<string, number>>
}

export type RecordKind = keyof ReturnType<typeof retention>
