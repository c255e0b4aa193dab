import type { QueueCounts } from './queue.ts'
import type { JobQueue } from './queue-server.ts'

export async function countJobs(queues: readonly JobQueue[]): Promise<QueueCounts> {
  const each = await Promise.all(
    queues.map((queue) => queue.getJobCounts('waiting', 'prioritized', 'active', 'delayed', 'failed')),
  )
  const sum = (state: string): number => each.reduce((total, counts) => total + (counts[state] ?? 0), 0)
  return {
    waiting: sum('waiting') + sum('prioritized'), // BullMQ counts those with a priority apart
    active: sum('active'),
    delayed: sum('delayed'),
    failed: sum('failed'),
  }
}
