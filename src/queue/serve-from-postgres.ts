import { createPostgresBackend, type PgPool, Queue, runMigrations, Worker } from 'bullmq'
import { bullSettings } from './bull-settings.ts'
import { QueueError } from './queue-error.ts'
import type { QueueServer } from './queue-server.ts'
import { watchWorker } from './watch-worker.ts'

/** One session, in which every name means BullMQ's schema. */
export async function serveFromPostgres(pool: PgPool, onError: (error: unknown) => void): Promise<QueueServer> {
  await prepare(pool).catch((error) => {
    throw new QueueError('unavailable', "the queue's tables cannot be made or used", { cause: error })
  })

  return {
    queue(name) {
      const queue = new Queue(name, { connection: pool, streams: bullSettings.streams }, createPostgresBackend)
      queue.on('error', onError)
      return queue
    },
    worker(name, processor, limits) {
      const worker = new Worker(
        name,
        processor,
        { ...bullSettings.worker, ...limits, connection: pool },
        createPostgresBackend,
      )
      watchWorker(worker, onError)
      return worker
    },
    ping: () => pool.query('select 1'),
    untilReady: async () => undefined,
    close: () => undefined, // the pool is its owner's
  }
}

async function prepare(pool: PgPool): Promise<void> {
  const client = await pool.connect()
  await runMigrations(client)
  await client.query('set search_path to bullmq, public')
  client.release()
}
