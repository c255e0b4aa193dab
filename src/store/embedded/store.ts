import { z } from 'zod'
import { redact } from '../../secret.ts'
import {
  checkMilliseconds,
  checkName,
  type Lease,
  type RecordKind,
  type RetentionOptions,
  retention,
  type Store,
  type Stored,
  StoreError,
  toJsonText,
  toStored,
  type WriteOptions,
} from '../store.ts'
import type { SessionPool } from './database.ts'
import { embeddedSchema, embeddedSql } from './schema.ts'

export interface EmbeddedStoreOptions extends RetentionOptions {
  readonly pool: SessionPool
  /** Milliseconds since 1970. Default: the process's clock. */
  readonly now?: () => number
}

/** Milliseconds between two removals of expired rows, and the number of rows that one removal takes. */
const sweeping = { every: 60_000, rows: 10_000 } as const

// `count` and other 64-bit numbers are returned as text.
const record = z.object({ id: z.string(), value: z.string(), revision: z.coerce.number() })
const recordInList = record.extend({ place: z.string() })
const number = z.object({ number: z.coerce.number() })
const anything = z.unknown()

/** The store in the database of the queue, in a schema of its own. Throws StoreError if its tables are damaged. */
export async function embeddedStore({ pool, keep, now = Date.now }: EmbeddedStoreOptions): Promise<Store> {
  const kept = retention({ keep })
  let swept = 0
  let closed = false
  await pool.query(embeddedSchema).catch((error) => {
    const reason = redact(error instanceof Error ? error.message : String(error))
    throw new StoreError('unavailable', `the tables of the store are damaged: ${reason}`, { cause: error })
  })

  async function run<Schema extends z.ZodType>(
    asked: keyof typeof embeddedSql,
    schema: Schema,
    ...parameters: readonly unknown[]
  ): Promise<readonly z.infer<Schema>[]> {
    if (closed) throw new StoreError('unavailable', 'the store is closed')
    try {
      const { rows } = await pool.query(embeddedSql[asked], parameters)
      return z.array(schema).parse(rows)
    } catch (error) {
      const reason = redact(error instanceof Error ? error.message : String(error))
      throw new StoreError('unavailable', `the database failed (${asked}): ${reason}`, { cause: error })
    }
  }

  async function readMany(kind: RecordKind, ids: readonly string[]): Promise<readonly Stored[]> {
    if (ids.length === 0) return []
    const rows = await run('read', record, now(), kind, ids.map(checkName))
    const found = new Map(rows.map((row) => [row.id, stored(row)]))
    return ids.flatMap((id) => found.get(id) ?? [])
  }

  async function write(kind: RecordKind, id: string, value: unknown, of: WriteOptions): Promise<boolean> {
    const list = of.list === undefined ? null : checkName(of.list)
    const time = now()
    const parameters = [time, kind, checkName(id), toJsonText(value), list, time + kept[kind]]
    await sweep(time)
    const written =
      of.revision === 0
        ? await run('create', anything, ...parameters)
        : await run('change', anything, ...parameters, of.revision)
    return written.length === 1
  }

  async function sweep(time: number): Promise<void> {
    if (time - swept < sweeping.every) return
    swept = time
    await run('sweep', anything, time, sweeping.rows)
  }

  async function lease(name: string, ms: number): Promise<Lease | undefined> {
    const start = now()
    const [row] = await run('lease', number, start, checkName(name), start + checkMilliseconds(ms))
    if (!row) return undefined
    const token = row.number
    return {
      token,
      renew: async () => (await run('renew', number, now(), name, token, now() + ms)).length === 1,
      release: async () => void (await run('release', anything, now(), name, token)),
    }
  }

  return {
    read: async (kind, id) => (await readMany(kind, [id]))[0],
    readMany,
    write,
    remove: async (kind, id) => void (await run('remove', anything, kind, checkName(id))),
    list: async (kind, name, limit, after = '0') =>
      (await run('list', recordInList, now(), kind, checkName(name), limit, after)).map((row) => ({
        ...stored(row),
        place: row.place,
      })),
    count: async (kind, name) => (await run('count', number, now(), kind, checkName(name)))[0]?.number ?? 0,
    claim: async (key, ms) =>
      (await run('claim', number, now(), checkName(key), now() + checkMilliseconds(ms))).length === 1,
    lease,
    pace: async (key, interval) =>
      (await run('pace', number, now(), checkName(key), checkMilliseconds(interval)))[0]?.number ?? 0,
    holdPace: async (key, ms) => void (await run('hold', anything, now(), checkName(key), checkMilliseconds(ms))),
    problems: async () => [],
    ping: async () => void (await run('hold', anything, now(), 'ping', 1)),
    async close() {
      closed = true
    },
  }
}

function stored({ id, value, revision }: z.infer<typeof record>): Stored {
  return toStored(id, value, revision)
}
