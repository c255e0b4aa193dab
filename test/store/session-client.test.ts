import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SessionClient, Turns } from '../../src/store/embedded/database.ts'

let database: PGlite
const turns = new Turns()
const client = (): SessionClient => new SessionClient(database, turns)

beforeAll(async () => {
  database = await PGlite.create()
  await database.exec('create table thing (name text)')
})
afterAll(() => database.close())

const names = async (of: SessionClient): Promise<readonly string[]> =>
  (await of.query<{ name: string }>('select name from thing order by name')).rows.map(({ name }) => name)

describe('a transaction', () => {
  test('has the session to itself until it is committed', async () => {
    const [one, other] = [client(), client()]
    await one.query('BEGIN')
    const seen = names(other)
    await one.query('insert into thing values ($1)', ['committed'])
    await one.query('COMMIT')
    expect(await seen).toEqual(['committed'])
  })

  test('is undone by ROLLBACK, and by who gives the client back', async () => {
    const [one, other] = [client(), client()]
    await one.query('-- why\nBEGIN')
    await one.query('insert into thing values ($1)', ['rolled back'])
    await one.query('ROLLBACK')
    await one.query('BEGIN')
    await one.query('insert into thing values ($1)', ['given up'])
    one.release()
    expect(await names(other)).toEqual(['committed'])
  })

  test('that failed is over after its ROLLBACK', async () => {
    const [one, other] = [client(), client()]
    await one.query('BEGIN')
    await expect(one.query('select nothing from nowhere')).rejects.toMatchObject({ code: '42P01' })
    await expect(one.query('select 1')).rejects.toMatchObject({ code: '25P02' })
    await one.query('ROLLBACK')
    expect(await names(other)).toEqual(['committed'])
  })
})

test('a statement that fails does not hold up the next', async () => {
  const one = client()
  await expect(one.query('selec')).rejects.toMatchObject({ code: '42601' })
  expect(await names(one)).toEqual(['committed'])
})

test('statements run in the order asked', async () => {
  const [one, other] = [client(), client()]
  await one.query('create table step (number int)')
  const all = Array.from({ length: 50 }, (_, number) =>
    (number % 2 ? one : other).query('insert into step values ($1)', [number]),
  )
  await Promise.all(all)
  const { rows } = await one.query<{ number: number }>('select number from step')
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 50 }, (_, number) => number))
})

test('several statements without parameters are one question, and the last answers', async () => {
  expect(await client().query('select 1 as a; select 2 as b')).toEqual({ rows: [{ b: 2 }], rowCount: 1 })
})

test('rows that were changed are counted', async () => {
  const one = client()
  await one.query('create table counted (number int)')
  expect(await one.query('insert into counted values ($1), ($2)', [1, 2])).toMatchObject({ rowCount: 2 })
  expect(await one.query('update counted set number = $1', [3])).toMatchObject({ rowCount: 2 })
  expect(await one.query('select * from counted where number > $1', [0])).toMatchObject({ rowCount: 2 })
})

test('notifications come to who listens, until it is given back', async () => {
  const [listener, sender] = [client(), client()]
  const heard: unknown[] = []
  listener.on('notification', (it) => heard.push(it))
  await listener.query('-- the channel\nLISTEN things;\n')
  await sender.query('notify things, $$one$$')
  await expect.poll(() => heard).toEqual([{ channel: 'things', payload: 'one' }])
  listener.release()
  await sender.query('notify things, $$two$$')
  await sender.query('select 1')
  expect(heard).toHaveLength(1)
})
