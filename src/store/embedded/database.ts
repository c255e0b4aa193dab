import { AsyncLocalStorage } from 'node:async_hooks'
import { EventEmitter } from 'node:events'
import { mkdirSync } from 'node:fs'
import { setImmediate as nextRound } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import type { PGlite } from '@electric-sql/pglite'
import { prepareDatabase } from '../prepare-database.ts'
import { StoreError } from '../store.ts'
import { type DataLock, lockData } from './data-lock.ts'

/** A `pg.Pool` whose clients share one session. */
export interface SessionPool {
  query<R>(text: string, parameters?: readonly unknown[]): Promise<SessionResult<R>>
  connect(): Promise<SessionClient>
  /** Has no effect: the database is closed by the code that opened it. */
  end(): Promise<void>
  on(event: string, listener: (...values: never[]) => void): this
  removeAllListeners(event?: string): this
  /** A session in this process cannot be lost unnoticed, so BullMQ waits for notifications and does not poll. */
  readonly options: { readonly keepAlive: true }
}

export interface EmbeddedDatabase {
  readonly pool: SessionPool
  close(): Promise<void>
}

/** Milliseconds between two vacuums. There is no autovacuum here, and without it 10,000 jobs leave 12 MB behind. */
const tidyEvery = 15 * 60_000
/** Settings of PostgreSQL. Its default takes 128 MB for pages that the system caches anyway. */
const settings = ['shared_buffers=4MB', 'maintenance_work_mem=8MB'] as const
/**
 * Settings of V8. Its second compiler takes 500 MB for the database's largest functions, and saves no time with these
 * statements.
 */
const oneCompiler = ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering'] as const
/** Values as `pg` returns them: a 64-bit number may be larger than a JavaScript number. */
const int8 = 20

/**
 * Opens a PostgreSQL in this process, in a directory that only its user can read. What was written survives the death
 * of the process, but not a loss of power at that moment, because nothing is forced to the disk. Everything uses one
 * session, one statement or transaction at a time. Throws StoreError `in-use` if another process uses the directory.
 */
export async function openEmbeddedDatabase(
  directory: string,
  options: { readonly tidyEvery: number } = { tidyEvery },
): Promise<EmbeddedDatabase> {
  const lock = await claim(directory)
  try {
    const path = await prepareDatabase(directory)
    for (const flag of oneCompiler) setFlagsFromString(flag)
    const { PGlite } = await import('@electric-sql/pglite') // 8 MB, and not needed with Redis
    const startParams = [...PGlite.defaultStartParams, ...settings.flatMap((it) => ['-c', it])]
    const database = await PGlite.create(path, { parsers: { [int8]: (text: string) => text }, startParams })
    return opened(database, lock, options.tidyEvery)
  } catch (error) {
    lock.release()
    throw notOpened(directory, error)
  }
}

/** Makes the database of a directory that has none yet, before the rest of a program is loaded. Throws as above. */
export async function makeEmbeddedDatabase(directory: string): Promise<void> {
  const lock = await claim(directory)
  try {
    await prepareDatabase(directory)
  } catch (error) {
    throw notOpened(directory, error)
  } finally {
    lock.release()
  }
}

function notOpened(directory: string, cause: unknown): StoreError {
  return new StoreError('unavailable', `the database in ${directory} cannot be opened: ${toMessage(cause)}`, { cause })
}

async function claim(directory: string): Promise<DataLock> {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    return await lockData(directory)
  } catch (error) {
    if (error instanceof StoreError) throw error
    throw new StoreError('unavailable', `the data directory cannot be used: ${toMessage(error)}`, { cause: error })
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

  const tidy = (): void => void pool.query('vacuum').catch(() => undefined) // the next statement reports the error too
  const timer = setInterval(tidy, tidyEvery).unref()

  async function close(): Promise<void> {
    clearInterval(timer)
    const end = await turns.take() // wait for the running statement
    try {
      if (!database.closed) await database.close()
    } finally {
      end()
      lock.release()
    }
  }

  return { pool, close }
}

function toMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

interface SessionResult<R> {
  rows: R[]
  rowCount: number
}

/**
 * One of several clients that share the only session of a PGlite, as a `pg.PoolClient` with what BullMQ's PostgreSQL
 * backend needs (its `pg-types.d.ts`). From BEGIN to COMMIT or ROLLBACK the session belongs to this client.
 * Notifications are events, as in `pg`.
 */
export class SessionClient extends EventEmitter {
  readonly #database: PGlite
  readonly #turns: Turns
  readonly #unlisten: (() => Promise<void>)[] = []
  #transaction: EndTurn | undefined

  constructor(database: PGlite, turns: Turns) {
    super()
    this.#database = database
    this.#turns = turns
  }

  async query<R>(text: string, parameters?: readonly unknown[]): Promise<SessionResult<R>> {
    const [word = '', name = ''] = readWords(text)
    if (this.#transaction) return this.#within(word, text, parameters)
    const end = await this.#turns.take()
    if (word === 'BEGIN') {
      this.#transaction = end
      return this.#run<R>(text, parameters).catch((error) => this.#end(error))
    }
    try {
      if (word === 'LISTEN') return await this.#listen<R>(name)
      return await this.#run(text, parameters)
    } finally {
      end()
    }
  }

  /** Rolls back what was not committed. */
  release(): void {
    if (this.#transaction) this.query('ROLLBACK').catch(() => undefined)
    for (const unlisten of this.#unlisten.splice(0)) {
      this.#turns.take().then((end) => unlisten().then(end, end)) // if the database is closed, there is nothing to end
    }
  }

  async #within<R>(word: string, text: string, parameters?: readonly unknown[]): Promise<SessionResult<R>> {
    if (word !== 'COMMIT' && word !== 'ROLLBACK') return this.#run(text, parameters)
    try {
      return await this.#run(text, parameters)
    } finally {
      this.#transaction?.()
      this.#transaction = undefined
    }
  }

  #end(error: unknown): never {
    this.#transaction?.()
    this.#transaction = undefined
    throw error
  }

  async #listen<R>(channel: string): Promise<SessionResult<R>> {
    const tell = (payload: string): void => void this.emit('notification', { channel, payload })
    this.#unlisten.push(await this.#database.listen(channel, tell))
    return { rows: [], rowCount: 0 }
  }

  /** Runs a query. Without parameters the text may contain several statements; the extended protocol accepts only one. */
  async #run<R>(text: string, parameters: readonly unknown[] = []): Promise<SessionResult<R>> {
    const result =
      parameters.length === 0
        ? (await this.#database.exec(text)).at(-1)
        : await this.#database.query(text, [...parameters])
    return { rows: (result?.rows ?? []) as R[], rowCount: result?.affectedRows || (result?.rows.length ?? 0) } // the caller's SQL names R
  }
}

/** Returns the first two words, without comments before them. */
function readWords(text: string): readonly string[] {
  const [first, second] = text.replace(/^(?:\s|--[^\n]*\n)+/, '').split(/[\s;]+/, 2)
  return [first?.toUpperCase() ?? '', second ?? '']
}

/** Ends the turn. */
type EndTurn = () => void

interface Waiting {
  readonly since: number
  readonly begin: () => void
}

/**
 * Milliseconds. `patience`: after so long, background work goes first. `breath`: for so long turns may follow each
 * other without a pause, because work that never waits for the system would keep the process from receiving anything.
 */
const limits = { patience: 250, breath: 5 } as const

/** Gives turns, one at a time: first to work that somebody waits for, then to background work, each in order. */
export class Turns {
  readonly #first: Waiting[] = []
  readonly #later: Waiting[] = []
  #taken = false
  #lastBreath = 0

  async take(): Promise<EndTurn> {
    if (this.#taken) await this.#wait(background.isHere() ? this.#later : this.#first)
    this.#taken = true
    if (performance.now() - this.#lastBreath > limits.breath) {
      await nextRound()
      this.#lastBreath = performance.now()
    }
    let ended = false
    return () => {
      if (!ended) this.#pass()
      ended = true
    }
  }

  #wait(among: Waiting[]): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    among.push({ since: performance.now(), begin: resolve })
    return promise
  }

  #pass(): void {
    const [later] = this.#later
    const isLate = later !== undefined && performance.now() - later.since > limits.patience
    const next = isLate ? this.#later.shift() : (this.#first.shift() ?? this.#later.shift())
    this.#taken = next !== undefined
    next?.begin()
  }
}

const working = new AsyncLocalStorage<true>()

/** Marks work that nobody waits for at this moment. If there is only one resource for all, other work goes first. */
export const background = {
  /** Runs work in the background, with everything that it starts. */
  run: <T>(work: () => T): T => working.run(true, work),
  isHere: (): boolean => working.getStore() === true,
} as const
