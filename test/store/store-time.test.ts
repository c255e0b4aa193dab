import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Store } from '../../src/store/store.ts'
import { whyNoRedis } from '../support/redis-server.ts'
import { storePlaces } from '../support/store-places.ts'

if (whyNoRedis && process.env.REQUIRE_ALL) throw new Error(whyNoRedis)
if (whyNoRedis) console.log(`skipped: ${whyNoRedis}`)

/** Milliseconds: longer than a test may take, so that no time passes but what a test lets pass. */
const hour = 3_600_000

describe.each(storePlaces)('the time of the store, %s', (_name, open, whyNot) => {
  describe.skipIf(whyNot)('keeps its contract', () => {
    let store: Store
    let later: (ms: number) => Promise<void>
    let close: () => Promise<void>

    beforeAll(async () => {
      ;({ store, later, close } = await open(hour))
    })
    afterAll(() => close?.())

    /** A name that no other test uses. */
    const fresh = randomUUID

    describe('time', () => {
      test('ends a record, its place in a list, and its revision', async () => {
        const list = fresh()
        await store.write('incident', `${list}a`, 'a', { revision: 0, list })
        await store.write('incident', `${list}b`, 'b', { revision: 0, list })
        await later(hour * 0.7)
        expect(await store.write('incident', `${list}b`, 'again', { revision: 1, list })).toBe(true)
        await later(hour * 0.7)
        expect(await store.read('incident', `${list}a`)).toBeUndefined()
        expect(await store.list('incident', list, 10)).toMatchObject([{ id: `${list}b`, value: 'again', revision: 2 }])
        expect(await store.count('incident', list)).toBe(1)
        await later(hour * 0.7)
        expect(await store.list('incident', list, 10)).toEqual([])
        expect(await store.count('incident', list)).toBe(0)
        expect(await store.write('incident', `${list}b`, 'new', { revision: 2, list })).toBe(false)
        expect(await store.write('incident', `${list}b`, 'new', { revision: 0, list })).toBe(true)
        expect(await store.read('incident', `${list}b`)).toMatchObject({ revision: 1 })
      })

      test('ends a claim, which only the first has', async () => {
        const key = fresh()
        const claims = Array.from({ length: 20 }, () => store.claim(key, hour))
        expect((await Promise.all(claims)).filter((first) => first)).toHaveLength(1)
        await later(hour)
        expect(await store.claim(key, hour)).toBe(true)
        expect(await store.claim(key, hour)).toBe(false)
      })

      test('ends a lease: the next has a higher token, and the old one is worth nothing', async () => {
        const lease = fresh()
        const first = await store.lease(lease, hour)
        expect(await store.lease(lease, hour)).toBeUndefined()
        await later(hour)
        const second = await store.lease(lease, hour)
        expect(second?.token).toBeGreaterThan(first?.token ?? Number.POSITIVE_INFINITY)
        expect(await first?.renew()).toBe(false)
        await first?.release()
        expect(await store.lease(lease, hour)).toBeUndefined()
        expect(await second?.renew()).toBe(true)
      })
    })

    describe('a lease', () => {
      test('has one holder of twenty', async () => {
        const lease = fresh()
        const all = await Promise.all(Array.from({ length: 20 }, () => store.lease(lease, hour)))
        expect(all.filter((it) => it)).toHaveLength(1)
      })

      test('is held as long as it is renewed, and free once it is released', async () => {
        const lease = fresh()
        const held = await store.lease(lease, hour)
        for (let round = 0; round < 3; round++) {
          await later(hour * 0.7)
          expect(await held?.renew()).toBe(true)
          expect(await store.lease(lease, hour)).toBeUndefined()
        }
        await held?.release()
        expect(await held?.renew()).toBe(false)
        const next = await store.lease(lease, hour)
        expect(next?.token).toBeGreaterThan(held?.token ?? Number.POSITIVE_INFINITY)
      })
    })

    describe('pace', () => {
      const inHours = (ms: number): number => Math.round(ms / hour)

      test('gives each of many its own slot, in order', async () => {
        const key = fresh()
        const waits = await Promise.all(Array.from({ length: 10 }, () => store.pace(key, hour)))
        expect(waits.map(inHours)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
      })

      test('is free again when the slot is over', async () => {
        const key = fresh()
        expect(await store.pace(key, hour)).toBe(0)
        expect(inHours(await store.pace(key, hour))).toBe(1)
        await later(2 * hour)
        expect(await store.pace(key, hour)).toBe(0)
      })

      test('is held for everybody, and by the longest hold', async () => {
        const key = fresh()
        await store.holdPace(key, 30 * hour)
        await store.holdPace(key, 10 * hour)
        const waits = [await store.pace(key, hour), await store.pace(key, hour)]
        expect(waits.map(inHours)).toEqual([30, 31])
      })

      test('is not shortened by a hold', async () => {
        const key = fresh()
        for (let slot = 0; slot < 5; slot++) await store.pace(key, hour)
        await store.holdPace(key, hour)
        expect(inHours(await store.pace(key, hour))).toBe(5)
      })
    })
  })
})
