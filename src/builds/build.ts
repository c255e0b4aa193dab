import type { BuildTool } from './recognise-build.ts'

/** One build of the cluster. Plain JSON. */
export interface Build {
  readonly kind: 'Job' | 'CronJob'
  readonly namespace: string
  readonly name: string
  readonly uid: string
  readonly tool: BuildTool
  readonly destinations: readonly string[]
  readonly noPush: boolean
  /** `scheduled`: a CronJob, whose own runs are Jobs of their own. */
  readonly state: 'running' | 'succeeded' | 'failed' | 'suspended' | 'pending' | 'scheduled'
  /** Attempts that failed: a Job can run and have failed before. */
  readonly failures: number
  /** Of the Job's condition, such as BackoffLimitExceeded. */
  readonly reason?: string
  /** Times in RFC 3339. */
  readonly createdAt: string
  readonly finishedAt?: string
  /** A CronJob has begun a run, as far as it remembers. */
  readonly hasRun?: boolean
  /** What made the Job: a CronJob, a TaskRun … */
  readonly owner?: { readonly kind: string; readonly name: string }
}
