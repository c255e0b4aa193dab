import { EventEmitter } from 'node:events'
import type { PGlite } from '@electric-sql/pglite'
import type { EndTurn, Turns } from './turns.ts'

export interface SessionResult<R> {
  rows: R[]
  rowCount: number
}

/**
 * One of many that share the only session of a PGlite, in the form of a `pg.PoolClient`: what BullMQ's PostgreSQL backend
 * needs (its `pg-types.d.ts`). From BEGIN to COMMIT or ROLLBACK the session is this client's alone. Notifications come as
 * events, as from `pg`.
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
    const [word = '', name = ''] = wordsOf(text)
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

  /** Gives up what it has not committed. */
  release(): void {
    if (this.#transaction) this.query('ROLLBACK').catch(() => undefined)
    for (const unlisten of this.#unlisten.splice(0)) {
      this.#turns.take().then((end) => unlisten().then(end, end)) // when the database is closed there is nothing to end
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

  /** Without parameters a text may hold several statements: the extended protocol takes one only. */
  async #run<R>(text: string, parameters: readonly unknown[] = []): Promise<SessionResult<R>> {
    const result =
      parameters.length === 0
        ? (await this.#database.exec(text)).at(-1)
        : await this.#database.query(text, [...parameters])
    return { rows: (result?.rows ?? []) as R[], rowCount: result?.affectedRows || (result?.rows.length ?? 0) } // the caller's SQL names R
  }
}

/** The first two, without the comments that may stand before them. */
function wordsOf(text: string): readonly string[] {
  const [first, second] = text.replace(/^(?:\s|--[^\n]*\n)+/, '').split(/[\s;]+/, 2)
  return [first?.toUpperCase() ?? '', second ?? '']
}
