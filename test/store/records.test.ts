import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { openStore } from '../../src/store/open.ts'
import { records } from '../../src/store/records.ts'
import { type Store, StoreError } from '../../src/store/store.ts'
import { preparedDirectory } from '../support/prepared-directory.ts'
import type { TemporaryFolder } from '../support/temporary-folder.ts'

const schema = z.object({ version: z.literal(2), title: z.string() })
let folder: TemporaryFolder
let opened: Awaited<ReturnType<typeof openStore>>
let store: Store

beforeAll(async () => {
  folder = await preparedDirectory()
  opened = await openStore({ dataDirectory: folder.path, keep: 600_000, onError: console.error })
  store = opened.store
})
afterAll(async () => {
  await opened.close()
  folder[Symbol.dispose]()
})

const things = (over: Store = store) => records(over, 'incident', { schema, version: 2, jitter: () => 0 })

describe('a change', () => {
  test('gets what is there, and puts another in its place', async () => {
    const before: unknown[] = []
    for (const title of ['first', 'second']) {
      const after = await things().change('changed', (it) => {
        before.push(it)
        return { value: { version: 2, title }, list: title }
      })
      expect(after).toEqual({ version: 2, title })
    }
    expect(before).toEqual([undefined, { version: 2, title: 'first' }])
    expect([await store.count('incident', 'first'), await store.count('incident', 'second')]).toEqual([0, 1])
  })

  test('of nothing leaves it', async () => {
    expect(await things().change('absent', () => undefined)).toBeUndefined()
    expect(await things().read('absent')).toBeUndefined()
    await store.write('incident', 'left', { version: 2, title: 'left' }, { revision: 0 })
    expect(await things().change('left', () => undefined)).toEqual({ version: 2, title: 'left' })
    expect(await store.read('incident', 'left')).toMatchObject({ revision: 1 })
  })

  test('is asked for again when another writer was first', async () => {
    let edits = 0
    await store.write('incident', 'raced', { version: 2, title: '' }, { revision: 0 })
    await things().change('raced', (before) => {
      edits += 1
      if (edits === 1) store.write('incident', 'raced', { version: 2, title: 'theirs' }, { revision: 1 })
      return { value: { version: 2, title: `${before?.title} and ours` } }
    })
    expect(edits).toBe(2)
    expect(await things().read('raced')).toEqual({ version: 2, title: 'theirs and ours' })
  })

  test('ends where others are always first', async () => {
    let writes = 0
    const busy: Store = {
      ...store,
      write: async () => {
        writes += 1
        return false
      },
    }
    const change = things(busy).change('busy', () => ({ value: { version: 2, title: '' } }))
    await expect(change).rejects.toMatchObject({ name: 'StoreError', code: 'conflict' })
    expect(writes).toBe(40)
  })

  test('that fails writes nothing', async () => {
    const change = things().change('thrown', () => {
      throw new TypeError('a defect')
    })
    await expect(change).rejects.toThrow('a defect')
    expect(await things().read('thrown')).toBeUndefined()
  })
})

describe('a record that is not understood', () => {
  const table = [
    ['of a newer version', { version: 3, title: 'from tomorrow', more: [] }, 'newer-version'],
    ['of a newer version that looks as ours', { version: 3, title: 'from tomorrow' }, 'newer-version'],
    ['of an older version', { version: 1, name: 'from yesterday' }, 'unreadable'],
    ['without a version', { title: 'of somebody' }, 'unreadable'],
    ['that is no object', 'text', 'unreadable'],
  ] as const

  test.each(table)('%s is told, and left untouched', async (name, value, code) => {
    await store.write('incident', name, value, { revision: 0, list: 'strange' })
    await expect(things().read(name)).rejects.toMatchObject({ name: 'StoreError', code })
    let edited = false
    const change = things().change(name, () => {
      edited = true
      return { value: { version: 2, title: 'overwritten' } }
    })
    await expect(change).rejects.toMatchObject({ name: 'StoreError', code })
    expect(edited).toBe(false)
    expect(await store.read('incident', name)).toEqual({ id: name, value, revision: 1 })
  })

  test('is told to whoever opened the store', async () => {
    const heard: unknown[] = []
    const listening: Store = { ...store, unreadable: ({ kind, id, error }) => heard.push([kind, id, error.code]) }
    await store.write('incident', 'told', { version: 3 }, { revision: 0, list: 'told' })
    await things(listening).list('told', 10)
    expect(await things(listening).find('told')).toBeUndefined()
    const told = ['incident', 'told', 'newer-version']
    expect(heard).toEqual([told, told])
  })

  test('of an index has a substitute beside it', async () => {
    const index = records(store, 'incident', { schema, version: 2, substitute: true, jitter: () => 0 })
    const strange = { version: 3, title: 'from tomorrow' }
    await store.write('incident', 'index', strange, { revision: 0 })
    expect(await index.read('index')).toBeUndefined()
    for (const title of ['first', 'second'])
      await index.change('index', (before) => ({
        value: { version: 2, title: `${before?.title ?? 'none'}, ${title}` },
      }))
    expect(await index.read('index')).toEqual({ version: 2, title: 'none, first, second' })
    expect(await store.read('incident', 'index')).toEqual({ id: 'index', value: strange, revision: 1 })
  })

  test('is never written', async () => {
    const bad = { version: 2, title: 7 } as unknown as { version: 2; title: string }
    await expect(things().change('bad', () => ({ value: bad }))).rejects.toMatchObject({ code: 'invalid' })
    expect(await store.read('incident', 'bad')).toBeUndefined()
    await things().change('bad', () => ({ value: { version: 2, title: 'good' } }))
    await expect(things().change('bad', () => ({ value: bad }))).rejects.toMatchObject({ code: 'invalid' })
    expect(await things().read('bad')).toEqual({ version: 2, title: 'good' })
  })

  test('does not hide the others of its list', async () => {
    await store.write('incident', 'fine', { version: 2, title: 'fine' }, { revision: 0, list: 'mixed' })
    await store.write('incident', 'newer', { version: 3 }, { revision: 0, list: 'mixed' })
    expect(await things().list('mixed', 10)).toEqual({
      records: [{ id: 'fine', value: { version: 2, title: 'fine' } }],
      unreadable: [{ id: 'newer', error: expect.any(StoreError) }],
    })
  })
})
