import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { records } from '../../src/store/records.ts'
import type { RecordKind, Store } from '../../src/store/store.ts'
import { whyNoRedis } from '../support/redis-server.ts'
import { storePlaces } from '../support/store-places.ts'

if (whyNoRedis && process.env.REQUIRE_ALL) throw new Error(whyNoRedis)
if (whyNoRedis) console.log(`skipped: ${whyNoRedis}`)

describe.each(storePlaces)('the store, %s', (_name, open, whyNot) => {
  describe.skipIf(whyNot)('keeps its contract', () => {
    let store: Store
    let spoil: (kind: RecordKind, id: string, text: string) => Promise<void>
    let close: () => Promise<void>

    beforeAll(async () => {
      ;({ store, spoil, close } = await open(600_000))
    })
    afterAll(() => close?.())

    /** A name that no other test uses. */
    const fresh = randomUUID

    const ids = async (list: string, limit = 100): Promise<readonly string[]> =>
      (await store.list('incident', list, limit)).map(({ id }) => id)

    describe('what is not JSON', () => {
      test('has no value, and hides no other', async () => {
        const [list, bad, good] = [fresh(), fresh(), fresh()]
        for (const id of [bad, good]) await store.write('incident', id, { id }, { revision: 0, list })
        await spoil('incident', bad, '{"version":')
        expect(await store.read('incident', bad)).toEqual({ id: bad, value: undefined, revision: 1 })
        expect(await store.readMany('incident', [bad, good])).toMatchObject([
          { value: undefined },
          { value: { id: good } },
        ])
        expect(await store.list('incident', list, 10)).toMatchObject([{ value: undefined }, { value: { id: good } }])
      })
    })

    describe('a long list', () => {
      test('is read page by page, also while records of it go', async () => {
        const list = fresh()
        const all = Array.from({ length: 25 }, fresh)
        for (const id of all) await store.write('incident', id, 1, { revision: 0, list })
        const first = await store.list('incident', list, 10)
        expect(first.map(({ id }) => id)).toEqual(all.slice(0, 10))
        for (const id of all.slice(0, 5)) await store.remove('incident', id)
        const second = await store.list('incident', list, 10, first.at(-1)?.place)
        const third = await store.list('incident', list, 10, second.at(-1)?.place)
        expect([...second, ...third].map(({ id }) => id)).toEqual(all.slice(10))
        expect(await store.list('incident', list, 10, third.at(-1)?.place)).toEqual([])
      })

      test('is read to its end', async () => {
        const list = fresh()
        const writes = Array.from({ length: 2_001 }, (_, n) =>
          store.write('incident', fresh(), { version: 1, count: n }, { revision: 0, list }),
        )
        await Promise.all(writes)
        const counters = records(store, 'incident', {
          schema: z.object({ version: z.literal(1), count: z.int() }),
          version: 1,
        })
        const counts = (await counters.all(list)).records.map(({ value }) => value.count)
        expect(new Set(counts).size).toBe(2_001)
      })
    })

    describe('a record', () => {
      test('is not there, then written, then read, with a revision that counts writes', async () => {
        const id = fresh()
        expect(await store.read('incident', id)).toBeUndefined()
        expect(await store.write('incident', id, { state: 'open' }, { revision: 0 })).toBe(true)
        expect(await store.read('incident', id)).toEqual({ id, value: { state: 'open' }, revision: 1 })
        expect(await store.write('incident', id, { state: 'fixed' }, { revision: 1 })).toBe(true)
        expect(await store.read('incident', id)).toEqual({ id, value: { state: 'fixed' }, revision: 2 })
      })

      test.each([
        ['a revision of none where there is one', 0],
        ['an older revision', 1],
        ['one that never was', 3],
      ])('is not written over %s', async (_case, revision) => {
        const id = fresh()
        await store.write('incident', id, 1, { revision: 0 })
        await store.write('incident', id, 2, { revision: 1 })
        expect(await store.write('incident', id, 'lost', { revision })).toBe(false)
        expect(await store.read('incident', id)).toEqual({ id, value: 2, revision: 2 })
      })

      test('is not written where one was read and is gone', async () => {
        const id = fresh()
        await store.write('incident', id, 1, { revision: 0 })
        await store.remove('incident', id)
        expect(await store.write('incident', id, 2, { revision: 1 })).toBe(false)
        expect(await store.read('incident', id)).toBeUndefined()
        expect(await store.write('incident', id, 3, { revision: 0 })).toBe(true)
        expect(await store.read('incident', id)).toMatchObject({ revision: 1 })
      })

      test('belongs to its kind', async () => {
        const id = fresh()
        await store.write('incident', id, 1, { revision: 0 })
        expect(await store.read('thread', id)).toBeUndefined()
      })

      test('has one first writer of twenty', async () => {
        const id = fresh()
        const writers = Array.from({ length: 20 }, (_, writer) => store.write('incident', id, writer, { revision: 0 }))
        expect((await Promise.all(writers)).filter((first) => first)).toHaveLength(1)
      })

      test('loses no change of twenty writers at a time', async () => {
        const counter = records(store, 'incident', {
          schema: z.object({ version: z.literal(1), count: z.int() }),
          version: 1,
        })
        const id = fresh()
        const change = () =>
          counter.change(id, (before) => ({ value: { version: 1, count: (before?.count ?? 0) + 1 }, list: 'counters' }))
        await Promise.all(Array.from({ length: 20 }, change))
        expect(await counter.read(id)).toEqual({ version: 1, count: 20 })
        expect(await store.read('incident', id)).toMatchObject({ revision: 20 })
      })

      test('is read with others, in the order asked for, without the missing', async () => {
        const [one, two, three] = [fresh(), fresh(), fresh()]
        await store.write('thread', one, 1, { revision: 0 })
        await store.write('thread', three, 3, { revision: 0 })
        expect(await store.readMany('thread', [three, two, one])).toEqual([
          { id: three, value: 3, revision: 1 },
          { id: one, value: 1, revision: 1 },
        ])
        expect(await store.readMany('thread', [])).toEqual([])
      })
    })

    describe('values and names', () => {
      test.each([
        ['text of the world', 'Ähm … 画像 😀 \u202e \\ " \' $1 ${}'],
        ['a NUL and half of a pair', 'a\u0000b\ud800'],
        ['256 KiB', 'x'.repeat(256 * 1_024)],
        ['256 KiB of four bytes each', '😀'.repeat(64 * 1_024)],
        ['an object', { a: [1, 2.5, null, true, { __proto: 'x' }], '': {} }],
        ['a number that is long', 1_795_561_916_848_143],
        ['nothing', null],
      ])('%s comes back as it was', async (_case, value) => {
        const id = fresh()
        await store.write('facts', id, value, { revision: 0 })
        expect((await store.read('facts', id))?.value).toEqual(value)
      })

      test.each(['a:b', '../x', 'with blanks', '画像', '42', '*', "';--", 'x'.repeat(512)])(
        '%s is a name',
        async (id) => {
          const list = `list ${id.slice(0, 400)}`
          await store.write('setting', id, id, { revision: 0, list })
          expect(await store.read('setting', id)).toEqual({ id, value: id, revision: 1 })
          expect(await store.list('setting', list, 10)).toMatchObject([{ id, value: id, revision: 1 }])
          expect(await store.claim(id, 60_000)).toBe(true)
          expect(await store.lease(id, 60_000)).toBeDefined()
          expect(await store.pace(id, 1)).toBe(0)
        },
      )

      test.each([
        ['no name', '', 1],
        ['a name that is too long', 'x'.repeat(513), 1],
        ['a name with a control', 'a\u0000b', 1],
        ['a name with half of a pair', '\ud800', 1],
        ['undefined', 'id', undefined],
        ['more than is sensible', 'id', 'x'.repeat(1_024 * 1_024)],
      ])('%s is refused', async (_case, id, value) => {
        await expect(store.write('facts', id, value, { revision: 0 })).rejects.toMatchObject({ code: 'invalid' })
      })

      test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('%d is no time', async (ms) => {
        await expect(store.claim(fresh(), ms)).rejects.toMatchObject({ code: 'invalid' })
        await expect(store.lease(fresh(), ms)).rejects.toMatchObject({ code: 'invalid' })
        await expect(store.pace(fresh(), ms)).rejects.toMatchObject({ code: 'invalid' })
      })
    })

    describe('a list', () => {
      test('has its members by when they entered it', async () => {
        const list = fresh()
        for (const id of ['c', 'a', 'b']) await store.write('incident', list + id, id, { revision: 0, list })
        await store.write('incident', `${list}c`, 'again', { revision: 1, list })
        expect(await ids(list)).toEqual([`${list}c`, `${list}a`, `${list}b`])
        expect(await ids(list, 2)).toEqual([`${list}c`, `${list}a`])
        expect(await store.count('incident', list)).toBe(3)
        expect((await store.list('incident', list, 1))[0]).toMatchObject({
          id: `${list}c`,
          value: 'again',
          revision: 2,
        })
      })

      test('is left for another, and entered anew at its end', async () => {
        const [open, ended] = [fresh(), fresh()]
        for (const id of ['a', 'b']) await store.write('incident', open + id, id, { revision: 0, list: open })
        await store.write('incident', `${open}a`, 'a', { revision: 1, list: ended })
        expect([await ids(open), await ids(ended)]).toEqual([[`${open}b`], [`${open}a`]])
        await store.write('incident', `${open}a`, 'a', { revision: 2, list: open })
        expect([await ids(open), await ids(ended)]).toEqual([[`${open}b`, `${open}a`], []])
        expect([await store.count('incident', open), await store.count('incident', ended)]).toEqual([2, 0])
      })

      test('is left by who is written without one, and by who is removed', async () => {
        const list = fresh()
        for (const id of ['a', 'b']) await store.write('incident', list + id, id, { revision: 0, list })
        await store.write('incident', `${list}a`, 'a', { revision: 1 })
        await store.remove('incident', `${list}b`)
        expect(await ids(list)).toEqual([])
        expect(await store.count('incident', list)).toBe(0)
      })

      test('is not changed by a writer who was too late', async () => {
        const [list, other] = [fresh(), fresh()]
        await store.write('incident', list, 1, { revision: 0, list })
        expect(await store.write('incident', list, 2, { revision: 0, list: other })).toBe(false)
        expect([await ids(list), await ids(other)]).toEqual([[list], []])
      })

      test('of another kind is another', async () => {
        const list = fresh()
        await store.write('incident', list, 1, { revision: 0, list })
        expect(await store.list('thread', list, 10)).toEqual([])
      })

      test('of a thousand keeps its order', async () => {
        const list = fresh()
        const wanted = Array.from({ length: 1_000 }, (_, number) => `${list}${number}`)
        await Promise.all(wanted.map((id) => store.write('incident', id, 0, { revision: 0, list })))
        expect(await ids(list, 2_000)).toEqual(wanted)
        expect(await store.count('incident', list)).toBe(1_000)
      })
    })

    test('it answers, and nothing is wrong with it', async () => {
      await store.ping()
      expect(await store.problems()).toEqual([])
    })
  })
})
