interface Lane {
  /** The number of concurrent jobs in one process. They mostly wait for answers, and compute little. */
  readonly concurrency: number
}

/** Jobs of one lane wait for each other. A long check does not delay a thread. */
export const lanes = {
  checks: { concurrency: 8 },
  threads: { concurrency: 8 },
} as const satisfies Readonly<Record<string, Lane>>

export type LaneName = keyof typeof lanes

interface JobKind {
  readonly lane: LaneName
  /** The number of attempts, with pauses of 1, 2, 4, … seconds. After the last one the job has failed for good. */
  readonly attempts: number
  /**
   * The priority within its lane: a lower number goes first. What a person waits for goes before what a storm of alerts
   * brings.
   */
  readonly priority: number
}

const jobs = {
  request: { lane: 'checks', attempts: 3, priority: 1 },
  investigate: { lane: 'checks', attempts: 3, priority: 3 },
  'sync-thread': { lane: 'threads', attempts: 8, priority: 1 },
  delivery: { lane: 'checks', attempts: 8, priority: 2 },
  watch: { lane: 'checks', attempts: 5, priority: 3 },
  /** Reconciles a cluster. Its name is in stored jobs and in metrics. It is repeated regularly in any case. */
  look: { lane: 'checks', attempts: 1, priority: 4 },
  /** A failed action is not repeated automatically: a person decides. */
  act: { lane: 'checks', attempts: 1, priority: 1 },
} as const satisfies Readonly<Record<string, JobKind>>

export type JobName = keyof typeof jobs

export const jobKinds: Readonly<Record<JobName, JobKind>> = jobs

/** Returns the name of a job. undefined: another version of this program added the job. */
export function asJobName(name: string): JobName | undefined {
  return Object.hasOwn(jobs, name) ? (name as JobName) : undefined // it is a key of the table
}
