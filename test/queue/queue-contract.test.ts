import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openBullQueue } from '../../src/queue/bull-queue.ts'
import { jobKinds } from '../../src/queue/jobs.ts'
import { Later, type Queue } from '../../src/queue/queue.ts'
import { type QueuePlace, queuePlaces } from '../support/queue-places.ts'
import { whyNoRedis } from '../support/redis-server.ts'
import { type Run, startWorking } from '../support/start-working.ts'

if (whyNoRedis && process.env.REQUIRE_ALL) throw new Error(whyNoRedis)
if (whyNoRedis) console.log(`skipped: ${whyNoRedis}`)

/** Milliseconds. Far enough for what must not come on its own. */
const far = 60_000
const patient = { timeout: 60_000 }

describe.each(queuePlaces)('the queue, %s', (_name, open, whyNot) => {
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

    test('a job is kept until there is work, and then done once', async () => {
      await queue.add('request', 'kept')
      expect(await queue.counts()).toEqual({ waiting: 1, active: 0, delayed: 0, failed: 0 })
      const { runs } = startWorking(await another())
      await untilIdle()
      expect(runs).toEqual([expect.objectContaining({ name: 'request', id: 'kept', attempt: 1, end: true })])
    })

    test.each(['42', 'a:b:c:d:e', 'with blanks / and 画像 😀', "';--", 'x'.repeat(512)])('%s is an id', async (id) => {
      const { runs } = startWorking(queue)
      await queue.add('request', id)
      await queue.add('watch', id, { delay: 1 })
      await queue.every('look', id, far)
      await expect.poll(() => runs.map(({ name }) => name).toSorted(), patient).toEqual(['look', 'request', 'watch'])
      expect(new Set(runs.map((run) => run.id))).toEqual(new Set([id]))
    })

    test.each([
      ['none', ''],
      ['one that is too long', 'x'.repeat(513)],
      ['half of a pair', '\ud800'],
    ])('%s is no id', async (_case, id) => {
      await expect(queue.add('request', id)).rejects.toMatchObject({ name: 'QueueError', code: 'invalid' })
      await expect(queue.add('request', id, { delay: 1 })).rejects.toMatchObject({ code: 'invalid' })
      await expect(queue.every('look', id, far)).rejects.toMatchObject({ code: 'invalid' })
    })

    describe('while one waits', () => {
      test('no second is added', async () => {
        await Promise.all(Array.from({ length: 20 }, () => queue.add('investigate', 'same')))
        await queue.add('investigate', 'other')
        await queue.add('watch', 'same')
        expect(await queue.counts()).toMatchObject({ waiting: 3 })
        const { runs } = startWorking(queue)
        await untilIdle()
        expect(runs.map(({ name, id }) => `${name} ${id}`).toSorted()).toEqual([
          'investigate other',
          'investigate same',
          'watch same',
        ])
      })

      test.each([
        ['now for later', [far, 0]],
        ['soon for later', [far, 100]],
        ['later, which does not count', [100, far]],
        ['later for now, which does not count', [0, far]],
        ['several', [far, 100, 2 * far, 3 * far]],
      ])('of two times the sooner counts: %s', async (_case, delays) => {
        const { of } = startWorking(queue)
        for (const delay of delays) await queue.add('investigate', 'timed', { delay })
        await expect.poll(() => of('timed').length, patient).toBe(1)
        await untilIdle()
        expect(of('timed')).toHaveLength(1)
      })

      test('its time is not before its delay', async () => {
        const { runs } = startWorking(queue)
        const start = Date.now()
        await queue.add('watch', 'delayed', { delay: 300 })
        await expect.poll(() => runs.length, { ...patient, interval: 5 }).toBe(1)
        expect(Date.now() - start).toBeGreaterThanOrEqual(299) // timers of Node round down
      })

      test('what somebody waits for goes first', async () => {
        await queue.add('look', 'slow')
        for (let number = 0; number < 20; number++) await queue.add('investigate', `storm-${number}`)
        await queue.add('delivery', 'alert')
        await queue.add('request', 'person')
        const { runs } = startWorking(queue)
        await untilIdle()
        expect(runs.slice(0, 3).map(({ id }) => id)).toEqual(['person', 'alert', 'storm-0'])
        expect(runs.at(-1)?.id).toBe('slow')
      })
    })

    describe('while one runs', () => {
      /** Runs that end when they are let. */
      function held() {
        const gates = new Map<string, PromiseWithResolvers<void>>()
        const gate = (id: string): PromiseWithResolvers<void> => {
          const known = gates.get(id) ?? Promise.withResolvers<void>()
          gates.set(id, known)
          return known
        }
        return { hold: ({ id }: Run): Promise<void> => gate(id).promise, let: (id: string) => gate(id).resolve() }
      }

      test('one more follows, however many are added, and never beside it', async () => {
        const gate = held()
        let together = 0
        let most = 0
        const { of } = startWorking(queue, async (run) => {
          together += 1
          most = Math.max(most, together)
          await gate.hold(run)
          together -= 1
        })
        const other = await another()
        await queue.add('sync-thread', 'busy')
        await expect.poll(() => of('busy').length, patient).toBe(1)
        for (let number = 0; number < 5; number++) await (number % 2 ? queue : other).add('sync-thread', 'busy')
        await sleep(200)
        expect(of('busy')).toHaveLength(1)
        gate.let('busy')
        await expect.poll(() => of('busy').length, patient).toBe(2)
        await untilIdle()
        expect([of('busy').length, most]).toEqual([2, 1])
      })

      test.each([
        ['now, then later', [0, far]],
        ['later, then now', [far, 0]],
        ['soon, then later', [100, far]],
      ])('of two that are added the sooner counts: %s', async (_case, delays) => {
        const gate = held()
        const { of } = startWorking(queue, gate.hold)
        await queue.add('sync-thread', 'busy')
        await expect.poll(() => of('busy').length, patient).toBe(1)
        for (const delay of delays) await queue.add('sync-thread', 'busy', { delay })
        gate.let('busy')
        await expect.poll(() => of('busy').length, patient).toBe(2)
        await untilIdle()
        expect(of('busy')).toHaveLength(2)
      })

      test('a delay counts from when it was asked for', async () => {
        const gate = held()
        const { of } = startWorking(queue, gate.hold)
        await queue.add('watch', 'busy')
        await expect.poll(() => of('busy').length, patient).toBe(1)
        await queue.add('watch', 'busy', { delay: far })
        gate.let('busy')
        await expect.poll(() => queue.counts(), patient).toMatchObject({ waiting: 0, active: 0, delayed: 1 })
        expect(of('busy')).toHaveLength(1)
      })

      test('it may ask for itself', async () => {
        const { of } = startWorking(queue, async ({ id }) => {
          if (of(id).length < 3) await queue.add('watch', id)
          else if (of(id).length < 5) await queue.add('watch', id, { delay: 20 })
        })
        await queue.add('watch', 'again')
        await expect.poll(() => of('again').length, patient).toBe(5)
        await untilIdle()
        expect(of('again').map(({ attempt }) => attempt)).toEqual([1, 1, 1, 1, 1])
      })
    })

    describe('Later', () => {
      test('brings the job back after its time, as a first attempt, however often', async () => {
        const times: number[] = []
        const { of, failed } = startWorking(queue, ({ id }) => {
          times.push(Date.now())
          if (of(id).length <= jobKinds.act.attempts + 3) throw new Later(100)
        })
        await queue.add('act', 'later')
        await expect.poll(() => of('later').length, patient).toBe(5)
        await untilIdle()
        expect(of('later').map(({ attempt, end }) => [attempt, end])).toEqual([
          ...Array.from({ length: 4 }, () => [1, false]),
          [1, true],
        ])
        for (const [index, time] of times.slice(1).entries())
          expect(time - (times[index] ?? 0)).toBeGreaterThanOrEqual(99)
        expect(failed).toEqual([])
      })

      test('is cut short by a job that is added', async () => {
        const { of } = startWorking(queue, ({ id }) => {
          if (of(id).length === 1) throw new Later(far)
        })
        await queue.add('watch', 'later')
        await expect.poll(() => queue.counts(), patient).toMatchObject({ active: 0, delayed: 1 })
        await queue.add('watch', 'later')
        await untilIdle()
        expect(of('later')).toHaveLength(2)
      })

      test('does not hold back one that was added during the run', async () => {
        const { of } = startWorking(queue, async ({ id }) => {
          if (of(id).length > 1) return
          await queue.add('watch', id)
          throw new Later(far)
        })
        await queue.add('watch', 'later')
        await expect.poll(() => of('later').length, patient).toBe(2)
        await untilIdle()
        expect(of('later')).toHaveLength(2)
      })
    })
  })
})
