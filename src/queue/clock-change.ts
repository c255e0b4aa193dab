import type { DelayedJob, JobQueue } from './backends.ts'

/** Milliseconds by which the clocks of two machines may differ. A smaller change is not corrected. */
const skew = 5_000
/** Milliseconds between two comparisons of the wall clock with the monotonic clock. */
const interval = 1_000
/** Delayed jobs of one queue that are read after a change. Those that are due first come first. */
const mostJobs = 10_000

/**
 * Calls `onSetBack` each time the wall clock has been set back by more than the skew. BullMQ computes when a delayed job is
 * due from the wall clock of the process that adds it, so without a correction the job would wait for the difference too.
 * @returns A function that stops the comparison.
 */
export function watchClock(onSetBack: () => void): () => void {
  const offset = (): number => Date.now() - performance.now()
  let known = offset()
  const timer = setInterval(() => {
    const before = known
    known = offset()
    if (known < before - skew) onSetBack()
  }, interval)
  return () => clearInterval(timer)
}

/**
 * Runs each delayed job that was added, or last run, at a time that is still to come. A job that runs early does no harm.
 * @param restart Begins the schedule of such a job anew: BullMQ plans the next run from the last planned time.
 */
export async function promoteFutureJobs(
  queue: JobQueue,
  restart: (job: DelayedJob, schedule: string) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const latest = Date.now() + skew
  for (const job of await queue.getDelayed(0, mostJobs - 1)) {
    if (Math.max(job.timestamp, job.processedOn ?? 0) <= latest) continue
    await (job.repeatJobKey ? restart(job, job.repeatJobKey) : job.promote())
  }
}
