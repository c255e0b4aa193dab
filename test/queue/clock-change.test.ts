import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { openBullQueue } from '../../src/queue/bull-queue.ts'
import type { Queue } from '../../src/queue/queue.ts'
import { type QueuePlace, queuePlaces } from '../support/queue-places.ts'
import { whyNoRedis } from '../support/redis-server.ts'
import { startWorking } from '../support/start-working.ts'

if (whyNoRedis && process.env.REQUIRE_ALL) throw new Error(whyNoRedis)
if (whyNoRedis) console.log(`skipped: ${whyNoRedis}`)

/** Milliseconds by which the clock is set back: longer than a test may take. */
const back = 300_000
const patient = { timeout: 30_000 }
const realNow = Date.now

function setClockBack(): void {
  vi.spyOn(Date, 'now').mockImplementation(() => realNow() - back)
}

describe.each(queuePlaces)('a wall clock that is set back, %s', (_name, open, whyNot) => {
  describe.skipIf(whyNot)('delays no job', () => {
    let place: QueuePlace
    const queues: Queue[] = []

    beforeAll(async () => {
      place = await open()
    })
    afterAll(() => place?.close())
    afterEach(async () => {
      await Promise.all(queues.splice(0).map((it) => it.stop(0)))
      vi.restoreAllMocks()
      await place.empty()
    })

    async function queueOf(pause = 20): Promise<Queue> {
      const queue = await openBullQueue(place.backend, { lock: 10_000, pause })
      queues.push(queue)
      return queue
    }

    test('that waits for its time', async () => {
      const queue = await queueOf()
      const { of } = startWorking(queue)
      await queue.add('watch', 'delayed', { delay: 20_000 })
      setClockBack()
      await expect.poll(() => of('delayed').length, patient).toBe(1)
    })

    test('that waited before this process began', async () => {
      await (await queueOf()).add('watch', 'delayed', { delay: 20_000 })
      setClockBack()
      const { of } = startWorking(await queueOf())
      await expect.poll(() => of('delayed').length, patient).toBe(1)
    })

    test('between two attempts', async () => {
      const queue = await queueOf(20_000)
      const { of } = startWorking(queue, () => {
        if (of('failing').length === 1) throw new Error('once')
      })
      await queue.add('sync-thread', 'failing')
      await expect.poll(() => queue.counts(), patient).toMatchObject({ active: 0, delayed: 1 })
      setClockBack()
      await expect.poll(() => of('failing').length, patient).toBe(2)
    })

    test('of a schedule, which goes on in its rhythm', async () => {
      const queue = await queueOf()
      const { of } = startWorking(queue)
      await queue.every('look', 'cluster', 2_000)
      await expect.poll(() => of('cluster').length, patient).toBe(1)
      setClockBack()
      await expect.poll(() => of('cluster').length, patient).toBeGreaterThanOrEqual(4)
    })
  })
})
