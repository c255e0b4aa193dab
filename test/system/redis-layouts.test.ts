import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { openBullQueue } from '../../src/queue/bull-queue.ts'
import type { RedisSettings } from '../../src/redis/settings.ts'
import { openStore } from '../../src/store/open.ts'
import { StoreError } from '../../src/store/store.ts'
import { plain } from '../../src/text.ts'
import { redisAt } from '../support/redis-at.ts'
import { redisCluster, redisWithSentinels } from '../support/redis-groups.ts'
import { whyNoRedis } from '../support/redis-server.ts'
import { startWorking } from '../support/start-working.ts'

if (whyNoRedis && process.env.REQUIRE_ALL) throw new Error(whyNoRedis)
if (whyNoRedis) console.log(`skipped: ${whyNoRedis}`)

const patient = { timeout: 60_000, interval: 100 }

/** Counts in a record, and adds a job for each number, until it is told to stop. */
async function countIn(settings: RedisSettings) {
  const opened = await openStore({ redis: settings, dataDirectory: '', keep: 600_000, onError: () => undefined })
  const queue = await openBullQueue(opened.backend, { lock: 2_000, pause: 20 })
  const working = startWorking(queue, () => sleep(20))
  const written: number[] = []
  const added: string[] = []
  const failures: unknown[] = []
  let stopped = false

  /** Another writer was not first: whoever fails here may have written, so the record is read before each write. */
  async function step(): Promise<void> {
    const stored = await opened.store.read('incident', 'count')
    const count = Number(stored?.value ?? 0) + 1
    const options = { revision: stored?.revision ?? 0, list: count % 2 ? 'odd' : 'even' }
    if (!(await opened.store.write('incident', 'count', count, options))) throw new Error('another writer was first')
    written.push(count)
    await queue.add('investigate', `number ${count}`)
    added.push(`number ${count}`)
  }

  async function run(): Promise<void> {
    while (!stopped) {
      await step().catch((error) => failures.push(error))
      await sleep(10)
    }
  }
  const running = run()

  return {
    store: opened.store,
    written,
    added,
    failures,
    ran: () => new Set(working.runs.filter(({ end }) => end).map(({ id }) => id)),
    async stop() {
      stopped = true
      await running
    },
    async [Symbol.asyncDispose]() {
      stopped = true
      await running
      await queue.stop(1_000)
      await opened.close()
    },
  }
}

/** It goes on after `disturb`, and nothing is lost of what was acknowledged. */
async function survives(settings: RedisSettings, disturb: () => Promise<void>): Promise<readonly unknown[]> {
  await using counting = await countIn(settings)
  await expect.poll(() => counting.ran().size, patient).toBeGreaterThan(20)
  await disturb()
  const before = counting.written.length
  await expect.poll(() => counting.written.length, patient).toBeGreaterThan(before + 20)
  await counting.stop()
  await expect.poll(() => counting.added.filter((id) => !counting.ran().has(id)), patient).toEqual([])
  expect(counting.written.toSorted((a, b) => a - b)).toEqual(counting.written) // no write went back
  expect(new Set(counting.written).size).toBe(counting.written.length)
  const last = await counting.store.read('incident', 'count')
  const list = last && Number(last.value) % 2 ? 'odd' : 'even'
  expect(await counting.store.list('incident', list, 10)).toMatchObject([{ id: 'count', value: last?.value }])
  expect(await counting.store.count('incident', list === 'odd' ? 'even' : 'odd')).toBe(0)
  return counting.failures
}

describe.skipIf(whyNoRedis)('Redis as teams run it', () => {
  test('Sentinel: the master fails in the middle of work, and the replica takes over', async () => {
    await using redis = await redisWithSentinels()
    const settings = redisAt(redis.url, { REDIS_SENTINELS: redis.sentinels })
    const failures = await survives(settings, redis.killMaster)
    expect(failures.length).toBeGreaterThan(0) // else nothing failed over
  })

  test('Cluster: the master with our keys fails in the middle of work', async () => {
    await using redis = await redisCluster({ replicas: true })
    const settings = redisAt(redis.url, { REDIS_CLUSTER_NODES: redis.nodes })
    const failures = await survives(settings, () => redis.killMasterOf('{imagepull}'))
    expect(failures.length).toBeGreaterThan(0)
  })

  test('Cluster: our keys move to another master in the middle of work, and nothing fails', async () => {
    await using redis = await redisCluster()
    const settings = redisAt(redis.url, { REDIS_CLUSTER_NODES: redis.nodes })
    expect(await survives(settings, () => redis.moveSlotOf('{imagepull}'))).toEqual([])
  })

  test('Cluster: all keys have the hash tag, so they are on one master', async () => {
    await using redis = await redisCluster()
    const settings = redisAt(redis.url, { REDIS_CLUSTER_NODES: redis.nodes })
    await survives(settings, async () => undefined)
    const owner = await redis.masterOf('{imagepull}')
    for (const master of redis.masters) {
      const keys = await master.keys('*')
      expect(keys.filter((key) => !key.startsWith('{imagepull}:'))).toEqual([])
      expect(keys.length > 0).toBe(master === owner)
    }
  })

  test('Cluster without REDIS_CLUSTER_NODES: says which setting is missing', async () => {
    await using redis = await redisCluster()
    const { masterOf } = redis
    const { options } = await masterOf('imagepull:ping') // the only one that takes the ping of a single server
    const settings = redisAt(`redis://127.0.0.1:${options.port}`)
    await using opened = await openedStore(settings)
    const problems = (await opened.store.problems()).map(plain)
    expect(problems).toEqual([expect.stringMatching(/Redis is a cluster.*set REDIS_CLUSTER_NODES/)])
  })

  test('Sentinels that do not know the master are named with the reason', async () => {
    await using redis = await redisWithSentinels()
    await using opened = await openedStore(redisAt('redis://other', { REDIS_SENTINELS: redis.sentinels }))
    await expect(opened.store.ping()).rejects.toThrow(StoreError)
    const cause = expect.objectContaining({ message: expect.stringMatching(/entinel/) })
    await expect(opened.store.ping()).rejects.toMatchObject({ message: 'Redis cannot be reached', cause })
  })
})

async function openedStore(redis: RedisSettings) {
  const opened = await openStore({ redis, dataDirectory: '', keep: 600_000, onError: () => undefined })
  return { store: opened.store, [Symbol.asyncDispose]: opened.close }
}
