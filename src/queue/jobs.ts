interface Lane {
  /** Jobs at a time in one process. They wait for others' answers, and compute little. */
  readonly concurrency: number
}

/** What waits behind what: a long check does not hold up a thread. */
export const lanes = {
  checks: { concurrency: 8 },
  threads: { concurrency: 8 },
} as const satisfies Readonly<Record<string, Lane>>

export type LaneName = keyof typeof lanes

interface JobKind {
  readonly lane: LaneName
  /** Until it has failed for good. With pauses of 1, 2, 4, … seconds. */
  readonly attempts: number
  /** Within its lane, lower first: what somebody waits for goes before what a storm of alerts brings. */
  readonly priority: number
}

const jobs = {
  request: { lane: 'checks', attempts: 3, priority: 1 },
  investigate: { lane: 'checks', attempts: 3, priority: 3 },
  'sync-thread': { lane: 'threads', attempts: 8, priority: 1 },
  delivery: { lane: 'checks', attempts: 8, priority: 2 },
  watch: { lane: 'checks', attempts: 5, priority: 3 },
  /** The next one comes anyway. */
  look: { lane: 'checks', attempts: 1, priority: 4 },
  /** What changes something is not tried twice by itself: who approved it decides. */
  act: { lane: 'checks', attempts: 1, priority: 1 },
} as const satisfies Readonly<Record<string, JobKind>>

export type JobName = keyof typeof jobs

export const jobKinds: Readonly<Record<JobName, JobKind>> = jobs

/** undefined: another version of this program added it. */
export function asJobName(name: string): JobName | undefined {
  return Object.hasOwn(jobs, name) ? (name as JobName) : undefined // it is a key of the table
}
