import { randomUUID } from 'node:crypto'
import { connectQueueServer, type QueueBackend } from './backends.ts'
import { QueueError } from './queue.ts'
import { withTimeout } from './retry.ts'

/** Milliseconds for one job. */
const patience = 5_000
/** Milliseconds that the job is delayed, so that the worker waits for it with the command that blocks. */
const delay = 300

/**
 * Sends one job through a queue of its own, and removes that queue. This finds what no list of settings tells: a command that
 * BullMQ needs and the user may not use, or keys that are not in one slot. Throws QueueError with the reason as `cause`.
 */
export async function tryQueue(backend: QueueBackend): Promise<void> {
  const { promise: failed, reject } = Promise.withResolvers<never>()
  const server = await connectQueueServer(backend, reject)
  const name = `try-${randomUUID()}`
  const queue = server.queue(name)
  const done = Promise.withResolvers<void>()
  const worker = server.worker(name, async () => done.resolve(), { concurrency: 1 })

  async function passOne(): Promise<void> {
    await server.untilReady(patience)
    await queue.add('try', { id: name }, { removeOnComplete: true, delay })
    await done.promise
    await worker.close()
    await queue.obliterate({ force: true })
  }

  async function closed(): Promise<void> {
    await Promise.allSettled([worker.close(true), queue.close()])
  }

  const late = (): never => {
    throw new QueueError('unavailable', `a job did not come through the queue within ${patience / 1_000} s`)
  }
  try {
    await withTimeout(patience, Promise.race([passOne(), failed]), late)
  } catch (error) {
    if (error instanceof QueueError) throw error
    throw new QueueError('unavailable', 'a job cannot pass through the queue', { cause: error })
  } finally {
    await withTimeout(patience, closed(), () => undefined)
    server.close()
  }
}
