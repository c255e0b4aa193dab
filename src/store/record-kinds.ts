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
    thread: keep,
    'thread-root': keep,
    'alert-post': keep,
    summary: keep,
    alert: 3 * day,
    delivery: day,
    facts: 30 * day,
    wrong: 400 * day,
    offer: keep,
    approval: keep,
    evidence: 30 * day,
    audit: 400 * day,
    mute: 8 * day,
    request: hour,
    setting: 400 * day,
  } as const satisfies Readonly<Record<string, number>>
}

export type RecordKind = keyof ReturnType<typeof retention>
