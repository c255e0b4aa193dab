import { type ChildProcess, spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openStore } from '../../src/store/open.ts'
import { redisStore } from '../../src/store/redis/store.ts'
import { type Store, StoreError } from '../../src/store/store.ts'
import { eventually } from '../support/eventually.ts'
import { kill } from '../support/kill.ts'
import { preparedDirectory } from '../support/prepared-directory.ts'
import { redisAt } from '../support/redis-at.ts'
import { redisServer, whyNoRedis } from '../support/redis-server.ts'

if (whyNoRedis && process.env.REQUIRE_ALL) throw new Error(whyNoRedis)
if (whyNoRedis) console.log(`skipped: ${whyNoRedis}`)

const keep = 600_000
const writer = resolve(import.meta.dirname, '../support/store-writer.ts')
const at = (dataDirectory: string) => ({ dataDirectory, keep, onError: console.error })

describe.skipIf(whyNoRedis).concurrent('a server', () => {
  const answers = (store: Store): Promise<boolean> =>
    store.ping().then(
      () => true,
      () => false,
    )

  test('that goes away makes the store unavailable, until it is back', async () => {
    await using server = await redisServer()
    const failures: unknown[] = []
    const store = redisStore({ redis: redisAt(server.url), keep, onError: (error) => failures.push(error) })
    await store.write('incident', 'before', { a: 1 }, { revision: 0 })
    await server.kill()
    await expect(store.read('incident', 'before')).rejects.toMatchObject({ name: 'StoreError', code: 'unavailable' })
    const flood = Array.from({ length: 2_000 }, () => store.claim('flood', 1_000).catch((error) => error.code))
    expect(new Set(await Promise.all(flood))).toEqual(new Set(['unavailable']))
    expect(failures.length).toBeGreaterThan(0)
    await server.start()
    await eventually(() => answers(store), true)
    expect(await store.read('incident', 'before')).toEqual({ id: 'before', value: { a: 1 }, revision: 1 })
    expect(await store.claim('flood', 1_000)).toBe(true) // nothing of the flood was kept to be sent later
    await store.close()
  })

  test('that does not answer is not waited for without end', async () => {
    await using server = await redisServer()
    const store = redisStore({ redis: redisAt(server.url), keep, onError: () => undefined })
    await store.ping()
    server.freeze()
    const asked = Array.from({ length: 100 }, () => store.read('incident', 'id').catch((error) => error.code))
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['timeout']))
    await expect(store.ping()).rejects.toThrow(StoreError)
    server.thaw()
    await eventually(() => answers(store), true)
    await store.close()
  })

  test('may come later than the store', async () => {
    await using server = await redisServer()
    await server.kill()
    const store = redisStore({ redis: redisAt(server.url), keep, onError: () => undefined })
    await expect(store.ping()).rejects.toMatchObject({ code: 'unavailable' })
    await server.start()
    await eventually(() => answers(store), true)
    await store.close()
  })
})

interface Writer {
  readonly child: ChildProcess
  /** Records that it said are written. */
  readonly written: () => number
}

/** Writes until it is killed. Resolves when it has written so many records. */
async function startWriter(directory: string, many: number): Promise<Writer> {
  const child = spawn(process.execPath, [writer, directory], { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  const enough = Promise.withResolvers<void>()
  const written = (): number => Number(output.trim().split('\n').at(-1) ?? 0)
  child.stdout.on('data', (chunk) => {
    output += chunk
    if (written() >= many) enough.resolve()
  })
  child.once('exit', () => enough.reject(new Error(`the writer ended: ${output}`)))
  await enough.promise
  return { child, written }
}

describe.concurrent('a killed process', () => {
  test('has lost nothing that it was told is written, and leaves the directory to the next', async () => {
    using folder = await preparedDirectory()
    const { child, written } = await startWriter(folder.path, 50)
    await kill(child)
    const last = written()
    const opened = await openStore(at(folder.path))
    const found = await opened.store.list('incident', 'open', 10_000)
    expect(found.length).toBeGreaterThanOrEqual(last)
    expect(found.slice(0, last).map(({ value }) => value)).toEqual(
      Array.from({ length: last }, (_, index) => ({ number: index + 1 })),
    )
    expect(await opened.store.write('incident', 'after', {}, { revision: 0, list: 'open' })).toBe(true)
    await opened.close()
  })

  test('that is not dead yet keeps its directory', async () => {
    using folder = await preparedDirectory()
    const { child } = await startWriter(folder.path, 1)
    try {
      await expect(openStore(at(folder.path))).rejects.toMatchObject({
        code: 'in-use',
        message: `the process ${child.pid} uses the data directory ${folder.path}`,
      })
    } finally {
      await kill(child)
    }
  })
})
