import { mkdirSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import type { PGlite } from '@electric-sql/pglite'
import { type DataLock, lockData } from './data-lock.ts'
import { prepareDatabase } from './prepare-database.ts'
import { SessionClient, type SessionResult } from './session-client.ts'
import { StoreError } from './store-error.ts'
import { Turns } from './turns.ts'

/** In the form of a `pg.Pool`, whose clients share one session. */
export interface SessionPool {
  query<R>(text: string, parameters?: readonly unknown[]): Promise<SessionResult<R>>
  connect(): Promise<SessionClient>
  /** Of no effect: the database is closed by who opened it. */
  end(): Promise<void>
  on(event: string, listener: (...values: never[]) => void): this
  removeAllListeners(event?: string): this
  /** A session in this process cannot be lost unnoticed: BullMQ then waits for notifications, and does not poll. */
  readonly options: { readonly keepAlive: true }
}

export interface EmbeddedDatabase {
  readonly pool: SessionPool
  close(): Promise<void>
}

/** Milliseconds. Nothing here does by itself what autovacuum does on a server: without it 10 000 jobs leave 12 MB behind. */
const tidyEvery = 15 * 60_000
/** Of PostgreSQL. It would take 128 MB for pages that the system keeps in memory anyway. */
const settings = ['shared_buffers=4MB', 'maintenance_work_mem=8MB'] as const
/** Of V8. Its second compiler takes 500 MB for the database's largest functions, and saves no time with statements like ours. */
const oneCompiler = ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering'] as const
/** As `pg` returns it: a 64-bit number may be larger than ours. */
const int8 = 20

/**
 * PostgreSQL in this process, durable in a directory that only its user reads: what was written is there after the process
 * was killed, though not after the machine lost its power at that moment, because nothing is forced to the disk. Everything
 * goes through one session, one statement or transaction at a time. Throws StoreError: `in-use` where another process has
 * the directory.
 */
export async function openEmbeddedDatabase(
  directory: string,
  options: { readonly tidyEvery: number } = { tidyEvery },
): Promise<EmbeddedDatabase> {
  const lock = await claim(directory)
  try {
    const path = await prepareDatabase(directory)
    for (const flag of oneCompiler) setFlagsFromString(flag)
    const { PGlite } = await import('@electric-sql/pglite') // 8 MB, and of no use beside a Redis
    const startParams = [...PGlite.defaultStartParams, ...settings.flatMap((it) => ['-c', it])]
    const database = await PGlite.create(path, { parsers: { [int8]: (text: string) => text }, startParams })
    return opened(database, lock, options.tidyEvery)
  } catch (error) {
    lock.release()
    throw new StoreError('unavailable', `the database in ${directory} cannot be opened: ${messageOf(error)}`, {
      cause: error,
    })
  }
}

async function claim(directory: string): Promise<DataLock> {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    return await lockData(directory)
  } catch (error) {
    if (error instanceof StoreError) throw error
    throw new StoreError('unavailable', `the data directory cannot be used: ${messageOf(error)}`, { cause: error })
  }
}

function opened(database: PGlite, lock: DataLock, tidyEvery: number): EmbeddedDatabase {
  const turns = new Turns()
  const shared = new SessionClient(database, turns)
  const pool: SessionPool = {
    query: (text, parameters) => shared.query(text, parameters),
    connect: async () => new SessionClient(database, turns),
    end: async () => undefined,
    on: () => pool,
    removeAllListeners: () => pool,
    options: { keepAlive: true },
  }

  const tidy = (): void => void pool.query('vacuum').catch(() => undefined) // what is wrong, the next statement says too
  const timer = setInterval(tidy, tidyEvery).unref()

  async function close(): Promise<void> {
    clearInterval(timer)
    const end = await turns.take() // what runs is let end
    try {
      if (!database.closed) await database.close()
    } finally {
      end()
      lock.release()
    }
  }

  return { pool, close }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
