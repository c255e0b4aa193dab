import type { SampleWorld } from './sample-world.ts'

/** Something that can be looked at in the sample cluster, and repaired. */
export interface Situation {
  /** `build-failed` */
  readonly name: string
  /** What to type behind `diagnose`. */
  readonly target: string
  /** In a few words. */
  readonly shows: string
  /** What repairs it, in a few words. Absent: nothing is wrong. */
  readonly repair?: string
  /** How it came about, the oldest first. */
  readonly chapters: readonly Chapter[]
  /** Removes the cause. Whoever still waits tries again by itself; a failed build has to be run again. */
  mend?(world: SampleWorld): Promise<void>
}

export interface Chapter {
  /** Milliseconds before now. */
  readonly ago: number
  /** A build that it begins is not waited for. */
  readonly goesOn?: true
  happen(world: SampleWorld): Promise<void>
}
