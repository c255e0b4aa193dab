/** Of a BullMQ worker, whatever is behind it. */
interface WatchedWorker {
  on(event: 'error', listener: (error: Error) => void): unknown
  on(event: 'lockRenewalFailed', listener: (ids: string[]) => void): unknown
  cancelJob(id: string, reason?: string): boolean
  pause(doNotWaitActive?: boolean): Promise<void>
  resume(): unknown
}

/** Errors in a row, each less than a second after the first. */
const many = 10
/** Milliseconds. */
const rest = 1_000

/**
 * Errors are told. A job whose lock was lost is another worker's, so who still runs it is told to stop. And BullMQ pauses
 * where a connection is away, but asks again at once where it is told no: a Redis without memory, which `noeviction` makes
 * of a full one, would be asked thousands of times a second.
 */
export function watchWorker(worker: WatchedWorker, onError: (error: unknown) => void): void {
  let errors = 0
  let first = 0

  worker.on('error', (error) => {
    onError(error)
    const now = performance.now()
    if (now - first > rest) {
      first = now
      errors = 0
    }
    errors += 1
    if (errors !== many) return
    worker.pause(true).catch(onError)
    setTimeout(() => worker.resume(), rest)
  })
  worker.on('lockRenewalFailed', (ids) => {
    for (const id of ids) worker.cancelJob(id, 'its lock was lost')
  })
}
