import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Store } from '../../src/store/store.ts'
import { whyNoRedis } from '../support/redis-server.ts'
import { storePlaces } from '../support/store-places.ts'

if (whyNoRedis && process.env.REQUIRE_ALL) throw new Error(whyNoRedis)
if (whyNoRedis) console.log(`skipped: ${whyNoRedis}`)

/** Milliseconds. */
const shortly = 400

describe.each(storePlaces)('the time of the store, %s', (_name, open, whyNot) => {
  describe.skipIf(whyNot).concurrent('keeps its contract', () => {
    let store: Store
    let close: () => Promise<void>

    beforeAll(async () => {
      ;({ store, close } = await open(shortly))
    })
    afterAll(() => close?.())

    /** A name that no other test uses. */
    const fresh = randomUUID

    describe('time', () => {
      test('ends a record, its place in a list, and its revision', async () => {
        const list = fresh()
        await store.write('incident', `${list}a`, 'a', { revision: 0, list })
        await store.write('incident', `${list}b`, 'b', { revision: 0, list })
        await sleep(shortly * 0.7)
        expect(await store.write('incident', `${list}b`, 'again', { revision: 1, list })).toBe(true)
        await sleep(shortly * 0.7)
        expect(await store.read('incident', `${list}a`)).toBeUndefined()
        expect(await store.list('incident', list, 10)).toMatchObject([{ id: `${list}b`, value: 'again', revision: 2 }])
        expect(await store.count('incident', list)).toBe(1)
        await sleep(shortly * 0.7)
        expect(await store.list('incident', list, 10)).toEqual([])
        expect(await store.count('incident', list)).toBe(0)
        expect(await store.write('incident', `${list}b`, 'new', { revision: 2, list })).toBe(false)
        expect(await store.write('incident', `${list}b`, 'new', { revision: 0, list })).toBe(true)
        expect(await store.read('incident', `${list}b`)).toMatchObject({ revision: 1 })
      })

      test('ends a claim, which only the first has', async () => {
        const key = fresh()
        const claims = Array.from({ length: 20 }, () => store.claim(key, 200))
        expect((await Promise.all(claims)).filter((first) => first)).toHaveLength(1)
        await sleep(250)
        expect(await store.claim(key, 60_000)).toBe(true)
        expect(await store.claim(key, 60_000)).toBe(false)
      })

      test('ends a lease: the next has a higher token, and the old one is worth nothing', async () => {
        const lease = fresh()
        const first = await store.lease(lease, 200)
        expect(await store.lease(lease, 200)).toBeUndefined()
        await sleep(250)
        const second = await store.lease(lease, 60_000)
        expect(second?.token).toBeGreaterThan(first?.token ?? Number.POSITIVE_INFINITY)
        expect(await first?.renew()).toBe(false)
        await first?.release()
        expect(await store.lease(lease, 200)).toBeUndefined()
        expect(await second?.renew()).toBe(true)
      })
    })

    describe('a lease', () => {
      test('has one holder of twenty', async () => {
        const lease = fresh()
        const all = await Promise.all(Array.from({ length: 20 }, () => store.lease(lease, 60_000)))
        expect(all.filter((it) => it)).toHaveLength(1)
      })

      test('is held as long as it is renewed, and free once it is released', async () => {
        const lease = fresh()
        const held = await store.lease(lease, 1_500)
        for (let round = 0; round < 3; round++) {
          await sleep(600)
          expect(await held?.renew()).toBe(true)
          expect(await store.lease(lease, 1_500)).toBeUndefined()
        }
        await held?.release()
        expect(await held?.renew()).toBe(false)
        const next = await store.lease(lease, 1_500)
        expect(next?.token).toBeGreaterThan(held?.token ?? Number.POSITIVE_INFINITY)
      })
    })

    describe('pace', () => {
      test('gives each of many its own slot, in order', async () => {
        const key = fresh()
        const waits = await Promise.all(Array.from({ length: 10 }, () => store.pace(key, 1_000)))
        expect(waits.map((ms) => Math.round(ms / 1_000))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
      })

      test('is free again when the slot is over', async () => {
        const key = fresh()
        expect(await store.pace(key, 100)).toBe(0)
        expect(await store.pace(key, 100)).toBeGreaterThan(0)
        await sleep(250)
        expect(await store.pace(key, 100)).toBe(0)
      })

      test('is held for everybody, and by the longest hold', async () => {
        const key = fresh()
        await store.holdPace(key, 30_000)
        await store.holdPace(key, 10_000)
        const waits = [await store.pace(key, 1_000), await store.pace(key, 1_000)]
        expect(waits.map((ms) => Math.round(ms / 1_000))).toEqual([30, 31])
      })

      test('is not shortened by a hold', async () => {
        const key = fresh()
        for (let slot = 0; slot < 5; slot++) await store.pace(key, 1_000)
        await store.holdPace(key, 1_000)
        expect(Math.round((await store.pace(key, 1_000)) / 1_000)).toBe(5)
      })
    })
  })
})
