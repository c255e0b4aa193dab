import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { describe, expect, test } from 'vitest'
import { openBullQueue } from '../../src/queue/bull-queue.ts'
import type { Queue } from '../../src/queue/queue.ts'
import { openEmbeddedDatabase } from '../../src/store/embedded/database.ts'
import { eventually } from '../support/eventually.ts'
import { kill } from '../support/kill.ts'
import { preparedDirectory } from '../support/prepared-directory.ts'
import { redisAt } from '../support/redis-at.ts'
import { redisServer, whyNoRedis } from '../support/redis-server.ts'
import { startWorking } from '../support/start-working.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

if (whyNoRedis && process.env.REQUIRE_ALL) throw new Error(whyNoRedis)
if (whyNoRedis) console.log(`skipped: ${whyNoRedis}`)

/** Short, so that a killed worker is missed within five seconds and not twenty. */
const timing = { lock: 2_000, pause: 20 }
const nothing = { waiting: 0, active: 0, delayed: 0, failed: 0 }
const worker = resolve(import.meta.dirname, '../support/queue-worker.ts')

/** A process that works, and holds the job `two` for ever. Resolves when it has done the others. */
async function startWorker(of: { readonly redisUrl?: string; readonly directory: string }): Promise<ChildProcess> {
  const log = join(of.directory, 'log')
  const options = JSON.stringify({ ...of, log, holds: 'two' })
  const child = spawn(process.execPath, [worker, options], { stdio: ['ignore', 'ignore', 'inherit'] })
  const lines = (): readonly string[] => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [])
  await eventually(() => lines().at(-1), 'settled')
  expect(lines().toSorted()).toEqual([
    'begin one 1',
    'begin three 1',
    'begin two 1',
    'end one 1',
    'end three 1',
    'settled',
  ])
  return child
}

/** What another worker has to do until nothing is left: ids, attempts, and whether they ended. */
async function finish(queue: Queue): Promise<readonly unknown[]> {
  const { runs, failed } = startWorking(queue)
  await eventually(() => queue.counts(), nothing)
  expect(failed).toEqual([])
  await queue.stop(1_000)
  return runs.map(({ id, attempt, end }) => [id, attempt, end])
}

const isTaken = (queue: Queue, id: string): Promise<boolean> =>
  queue.add('request', id).then(
    () => true,
    () => false,
  )

/** More than the queue holds at a time. */
const flood = async (queue: Queue): Promise<ReadonlySet<unknown>> =>
  new Set(
    await Promise.all(
      Array.from({ length: 1_500 }, (_, number) =>
        queue.add('request', `flood-${number}`).catch((error) => error.code),
      ),
    ),
  )

describe.concurrent('a worker that is killed in the middle of a job', () => {
  test.skipIf(whyNoRedis)('leaves it to another, over Redis, with what was to follow', async () => {
    await using server = await redisServer()
    using folder = temporaryFolder()
    const child = await startWorker({ redisUrl: server.url, directory: folder.path })
    const queue = await openBullQueue({ redis: redisAt(server.url) }, timing)
    await queue.add('investigate', 'two')
    await kill(child)
    expect(await finish(queue)).toEqual([
      ['two', 1, true],
      ['two', 1, true],
    ])
  })

  test('leaves it to the next, embedded', async () => {
    using folder = await preparedDirectory()
    await kill(await startWorker({ directory: folder.path }))
    const database = await openEmbeddedDatabase(folder.path)
    try {
      const queue = await openBullQueue({ pool: database.pool }, timing)
      expect(await finish(queue)).toEqual([['two', 1, true]])
    } finally {
      await database.close()
    }
  })
})

describe.skipIf(whyNoRedis).concurrent('a Redis', () => {
  test('that goes away loses no job, and is worked on again when it is back', async () => {
    await using server = await redisServer()
    const queue = await openBullQueue({ redis: redisAt(server.url) }, timing)
    const gate = Promise.withResolvers<void>()
    const { of, errors, failed } = startWorking(queue, ({ id }) => (id === 'held' ? gate.promise : undefined))
    await queue.add('investigate', 'held')
    await queue.add('watch', 'delayed', { delay: 1_000 })
    await eventually(() => of('held').length, 1)
    await server.kill()
    expect(await flood(queue)).toEqual(new Set(['unavailable']))
    await expect(queue.counts()).rejects.toMatchObject({ name: 'QueueError', code: 'unavailable' })
    gate.resolve()
    await server.start()
    await eventually(() => isTaken(queue, 'after'), true)
    for (const id of ['after', 'delayed', 'held']) await eventually(() => of(id).at(-1)?.end, true)
    await eventually(() => queue.counts(), nothing)
    expect(failed).toEqual([])
    expect(errors.length).toBeGreaterThan(0)
    await queue.stop(1_000)
  })

  test('that does not answer holds nobody up', async () => {
    await using server = await redisServer()
    const queue = await openBullQueue({ redis: redisAt(server.url) }, timing)
    const { of } = startWorking(queue)
    await queue.add('request', 'before')
    server.freeze()
    expect(await flood(queue)).toEqual(new Set(['unavailable']))
    server.thaw()
    await eventually(() => isTaken(queue, 'after'), true)
    await eventually(() => of('after').at(-1)?.end, true)
    await queue.stop(1_000)
  })

  test('that is full is not asked without a pause, and worked on again when it is not', async () => {
    await using server = await redisServer()
    const client = new Redis(server.url)
    const queue = await openBullQueue({ redis: redisAt(server.url) }, timing)
    for (let number = 0; number < 10; number++) await queue.add('request', `${number}`)
    await client.config('SET', 'maxmemory', '1')
    const { runs, errors } = startWorking(queue)
    await expect(queue.add('request', 'more')).rejects.toMatchObject({ code: 'unavailable' })
    await sleep(1_000)
    const refusals = Number(/errorstat_OOM:count=(\d+)/.exec(await client.info('errorstats'))?.[1])
    expect(refusals).toBeGreaterThan(0)
    expect(refusals).toBeLessThan(500) // without a pause some 5 000
    expect(errors.length).toBeGreaterThan(0)
    await client.config('SET', 'maxmemory', '0')
    await eventually(() => queue.counts(), nothing)
    expect(runs).toHaveLength(10)
    await queue.stop(1_000)
    client.disconnect()
  })

  test('that is gone does not keep the queue from stopping', async () => {
    await using server = await redisServer()
    const queue = await openBullQueue({ redis: redisAt(server.url) }, timing)
    startWorking(queue)
    await queue.add('request', 'before')
    await server.kill()
    await queue.stop(100)
  })

  test('may come later than the queue', async () => {
    await using server = await redisServer()
    await server.kill()
    const queue = await openBullQueue({ redis: redisAt(server.url) }, timing)
    const { of } = startWorking(queue)
    await expect(queue.add('request', 'early')).rejects.toMatchObject({ code: 'unavailable' })
    await server.start()
    await eventually(() => isTaken(queue, 'after'), true)
    await eventually(() => of('after').at(-1)?.end, true)
    await queue.stop(1_000)
  })
})
