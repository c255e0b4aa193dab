import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeEmbeddedDatabase, openEmbeddedDatabase } from '../../src/store/embedded/database.ts'
import { embeddedStore } from '../../src/store/embedded/store.ts'
import { openStore } from '../../src/store/open.ts'
import { preparedDirectory } from '../support/prepared-directory.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const at = (dataDirectory: string) => ({ dataDirectory, keep: 600_000, onError: console.error })

test('a database that a killed process had not completed is made anew', async () => {
  using folder = temporaryFolder()
  const half = join(folder.path, 'database.new-left')
  mkdirSync(half)
  writeFileSync(join(half, 'PG_VERSION'), '18')
  const opened = await openStore(at(folder.path))
  expect(await opened.store.write('incident', 'first', {}, { revision: 0 })).toBe(true)
  await opened.close()
  expect(readdirSync(folder.path)).toEqual(['database'])
})

describe.concurrent('the directory', () => {
  // This one makes a database.
  test('is made for its user and this store alone, until it is closed', async () => {
    using folder = temporaryFolder()
    const inside = join(folder.path, 'not/there/yet')
    await makeEmbeddedDatabase(inside)
    expect(readdirSync(inside)).toEqual(['database'])
    const first = await openStore(at(inside))
    expect(statSync(inside).mode & 0o777).toBe(0o700)
    await expect(openStore(at(inside))).rejects.toMatchObject({ code: 'in-use' })
    await first.store.write('incident', 'kept', 'value', { revision: 0 })
    await first.close()
    await expect(first.store.read('incident', 'kept')).rejects.toMatchObject({ code: 'unavailable' })
    const second = await openStore(at(inside))
    expect(await second.store.read('incident', 'kept')).toMatchObject({ value: 'value' })
    await second.close()
  })

  test('that is a file is told', async () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'file')
    writeFileSync(file, '')
    await expect(openStore(at(file))).rejects.toMatchObject({ code: 'unavailable' })
  })

  test('with a database that cannot be read is told, and free again', async () => {
    using folder = temporaryFolder()
    mkdirSync(join(folder.path, 'database'))
    writeFileSync(join(folder.path, 'database/PG_VERSION'), 'not a version\n')
    await expect(openStore(at(folder.path))).rejects.toMatchObject({ code: 'unavailable' })
    expect(() => statSync(join(folder.path, 'lock'))).toThrow('ENOENT')
  })
})

test('what expired is removed from the database', async () => {
  using folder = await preparedDirectory()
  const database = await openEmbeddedDatabase(folder.path)
  let now = 1_000_000
  const store = await embeddedStore({ pool: database.pool, keep: 1_000, now: () => now })
  for (let number = 0; number < 20; number++)
    await store.write('incident', `${number}`, 1, { revision: 0, list: 'open' })
  await store.claim('key', 1_000)
  await store.lease('name', 1_000)
  await store.pace('key', 1_000)
  now += 61_000
  await store.write('incident', 'new', 1, { revision: 0, list: 'open' })
  const tables = ['record', 'claim', 'lease', 'pace']
  const left = await Promise.all(tables.map((table) => database.pool.query(`select * from imagepull.${table}`)))
  expect(left.map(({ rows }) => rows.length)).toEqual([1, 0, 0, 0])
  await database.close()
})

test('a clock that is set back delays neither a slot nor a lease of a process that is gone', async () => {
  using folder = await preparedDirectory()
  const database = await openEmbeddedDatabase(folder.path)
  let now = 1_000_000
  const at = { pool: database.pool, keep: 1_000, now: () => now }
  const store = await embeddedStore(at)
  await store.pace('slots', 1_000)
  await store.holdPace('held', 30_000)
  await store.lease('name', 6_000)
  now -= 300_000
  expect(await store.pace('slots', 1_000)).toBe(1_000)
  expect(await store.pace('slots', 1_000)).toBe(2_000)
  expect(await store.pace('held', 1_000)).toBe(30_000)
  const next = await embeddedStore(at)
  expect(await next.lease('name', 6_000)).toMatchObject({ token: expect.any(Number) })
  await database.close()
})

test('the database is tidied', async () => {
  using folder = await preparedDirectory()
  const database = await openEmbeddedDatabase(folder.path, { tidyEvery: 20 })
  const store = await embeddedStore({ pool: database.pool, keep: 60_000 })
  await store.write('incident', 'id', 1, { revision: 0 })
  const known = `select reltuples as rows from pg_class where relname = 'record'` // -1 until it is vacuumed
  await expect.poll(async () => (await database.pool.query<{ rows: number }>(known)).rows[0]?.rows).toBe(1)
  await database.close()
})
