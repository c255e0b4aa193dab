import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openBullQueue } from '../../src/queue/bull-queue.ts'
import type { Queue } from '../../src/queue/queue.ts'
import { type QueuePlace, queuePlaces } from '../support/queue-places.ts'
import { whyNoRedis } from '../support/redis-server.ts'
import { handlersFrom, type Run, startWorking } from '../support/start-working.ts'

if (whyNoRedis && process.env.REQUIRE_ALL) throw new Error(whyNoRedis)
if (whyNoRedis) console.log(`skipped: ${whyNoRedis}`)

/** Milliseconds. Far enough for what must not come on its own. */
const far = 60_000
const patient = { timeout: 60_000 }

describe.each(queuePlaces)('failures, schedules and the end of the queue, %s', (_name, open, whyNot) => {
  describe.skipIf(whyNot)('keeps its contract', () => {
    let place: QueuePlace
    let queue: Queue
    const queues: Queue[] = []

    beforeAll(async () => {
      place = await open()
    })
    afterAll(() => place?.close())
    beforeEach(async () => {
      queue = await another()
    })
    afterEach(async () => {
      await Promise.all(queues.splice(0).map((it) => it.stop(0)))
      await place.empty()
    })

    /** As of another process, where the place allows several. */
    async function another(pause = 20): Promise<Queue> {
      const opened = await openBullQueue(place.backend, { lock: 60_000, pause })
      queues.push(opened)
      return opened
    }

    async function untilIdle(): Promise<void> {
      await expect.poll(() => queue.counts(), patient).toMatchObject({ waiting: 0, active: 0, delayed: 0 })
    }

    describe('a job that fails', () => {
      test('is tried again, then told once, then kept for people to see', async () => {
        const { of, failed } = startWorking(queue, () => {
          throw new Error('no use')
        })
        await queue.add('request', 'bad')
        await expect.poll(() => failed.length, patient).toBe(1)
        await untilIdle()
        expect(of('bad').map(({ attempt }) => attempt)).toEqual([1, 2, 3])
        expect(failed).toEqual([{ name: 'request', id: 'bad', error: new Error('no use') }])
        expect(await queue.counts()).toMatchObject({ failed: 1 })
        await queue.add('request', 'bad')
        await expect.poll(() => of('bad').map(({ attempt }) => attempt), patient).toEqual([1, 2, 3, 1, 2, 3])
      })

      test('and then does not, is not told', async () => {
        const { of, failed } = startWorking(queue, ({ attempt }) => {
          if (attempt < 3) throw new Error('not yet')
        })
        await queue.add('request', 'slow')
        await expect.poll(() => of('slow').at(-1)?.end, patient).toBe(true)
        await untilIdle()
        expect([of('slow').length, failed.length, (await queue.counts()).failed]).toEqual([3, 0, 0])
      })

      test('keeps its pause, whoever adds it meanwhile', async () => {
        const calm = await another(far)
        const { of } = startWorking(calm, () => {
          throw new Error('down')
        })
        await calm.add('request', 'bad')
        await expect.poll(() => queue.counts(), patient).toMatchObject({ active: 0, delayed: 1 })
        for (let number = 0; number < 5; number++) await calm.add('request', 'bad')
        await sleep(200)
        expect(of('bad')).toHaveLength(1)
        expect(await queue.counts()).toMatchObject({ waiting: 0, active: 0, delayed: 1 })
      })

      test('is told again where telling fails', async () => {
        const told: string[] = []
        const errors: unknown[] = []
        const fails = async (): Promise<void> => {
          throw new Error('no use')
        }
        queue.work(
          handlersFrom(() => fails),
          {
            onFailed: (_name, id) => {
              told.push(id)
              if (told.length === 1) throw new Error('the store is away')
            },
            onError: (error) => errors.push(error),
          },
        )
        await queue.add('act', 'bad')
        await expect.poll(() => told, patient).toEqual(['bad', 'bad'])
        await expect.poll(() => queue.counts(), patient).toMatchObject({ active: 0, failed: 1 })
        expect(errors).toEqual([new Error('the store is away')])
      })

      test('leaves ids in the queue, and nothing else', async () => {
        const secret = 'c4n4ryc4n4ryc4n4ry'
        const { failed } = startWorking(queue, () => {
          throw new Error(`refused: authorization: Bearer ${secret}`, { cause: secret })
        })
        await queue.add('act', 'an-id-to-find')
        await expect.poll(() => failed.length, patient).toBe(1)
        await expect.poll(() => queue.counts(), patient).toMatchObject({ active: 0, failed: 1 })
        const content = await place.content()
        expect(content).toContain('an-id-to-find')
        expect(content).toContain('refused: authorization')
        expect(content).not.toContain(secret)
        expect(content).not.toContain(import.meta.filename)
      })
    })

    describe('a schedule', () => {
      test('comes at once and then at its time, once over all who ask for it', async () => {
        const [one, other] = [startWorking(queue), startWorking(await another())]
        const start = Date.now()
        for (const it of queues) await it.every('look', 'cluster', 300)
        const runs = (): readonly Run[] => [...one.of('cluster'), ...other.of('cluster')]
        await expect.poll(() => runs().length, patient).toBeGreaterThanOrEqual(5)
        expect(Date.now() - start).toBeGreaterThanOrEqual(300 * 3) // the second may come as soon as the first: they keep to the clock
        expect(new Set(runs().map(({ name }) => name))).toEqual(new Set(['look']))
      })

      test('does not overtake a run that is longer', async () => {
        let together = 0
        let most = 0
        const { of } = startWorking(queue, async () => {
          together += 1
          most = Math.max(most, together)
          await sleep(250)
          together -= 1
        })
        await queue.every('look', 'long', 50)
        await expect.poll(() => of('long').length, patient).toBeGreaterThanOrEqual(3)
        expect(most).toBe(1)
      })
    })

    describe('stopping', () => {
      test('waits for who runs, and takes no other', async () => {
        const gate = Promise.withResolvers<void>()
        const { of, runs } = startWorking(queue, () => gate.promise)
        await queue.add('investigate', 'running')
        await expect.poll(() => of('running').length, patient).toBe(1)
        const stopped = queue.stop(far)
        const other = await another()
        await other.add('investigate', 'new')
        gate.resolve()
        await stopped
        expect(of('running').map(({ end }) => end)).toEqual([true])
        expect(runs).toHaveLength(1)
        expect(await other.counts()).toMatchObject({ waiting: 1, active: 0 })
        await expect(queue.add('request', 'late')).rejects.toMatchObject({ code: 'unavailable' })
      })

      test('aborts who takes too long: the job is the next worker’s, and that was no attempt', async () => {
        const first = startWorking(queue, ({ signal }) => sleep(far, undefined, { signal }))
        await queue.add('act', 'long')
        await expect.poll(() => first.of('long').length, patient).toBe(1)
        await queue.stop(100)
        expect(first.of('long').map(({ signal }) => signal.aborted)).toEqual([true])
        const second = startWorking(await another())
        await expect
          .poll(() => second.of('long').map(({ attempt, end }) => [attempt, end]), patient)
          .toEqual([[1, true]])
        expect([...first.failed, ...second.failed]).toEqual([])
      })

      test('does not wait for who does not listen', async () => {
        const { of } = startWorking(queue, () => new Promise(() => undefined))
        await queue.add('investigate', 'deaf')
        await expect.poll(() => of('deaf').length, patient).toBe(1)
        await queue.stop(100)
        await queue.stop(100)
      })

      test('is possible without work', async () => {
        await queue.stop(100)
        await expect(queue.counts()).rejects.toMatchObject({ name: 'QueueError', code: 'unavailable' })
      })
    })
  })
})
