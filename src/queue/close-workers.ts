import type { JobWorker } from './queue-server.ts'
import { within } from './within.ts'

export interface ClosingOptions {
  /** Milliseconds that jobs have to end of their own accord. */
  readonly ms: number
  /** Resolves when no handler runs. */
  idle(): Promise<void>
  /** Resolves where what jobs came to can be written down. */
  ping(): Promise<unknown>
}

/** Milliseconds that jobs have after their signal, and then BullMQ to write down what they came to. */
const grace = 2_000
/** Milliseconds for an answer of a server that is there. */
const patience = 500

/**
 * They take no job any more; what they had fetched already is given back. Jobs have their time to end, then their signals
 * are aborted. Resolves in any case: BullMQ's own closing waits for a server that is away, and for a handler that does not
 * listen, so there it is forced. Such a job is found as abandoned.
 */
export async function closeWorkers(workers: readonly JobWorker[], options: ClosingOptions): Promise<void> {
  for (const worker of workers) worker.pause(true).catch(() => undefined)
  const inTime = await happens(options.ms, options.idle())
  if (!inTime) for (const worker of workers) worker.cancelAllJobs('the process ends')
  const ended = inTime || (await happens(grace, options.idle()))
  const forced = !ended || !(await happens(patience, options.ping()))
  await within(grace, Promise.allSettled(workers.map((worker) => worker.close(forced))), () => [])
}

function happens(ms: number, what: Promise<unknown>): Promise<boolean> {
  const yes = what.then(
    () => true,
    () => false,
  )
  return within(ms, yes, () => false)
}
