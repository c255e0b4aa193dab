import type { Text } from '../text.ts'

export interface Stored {
  readonly id: string
  /** Plain JSON. undefined: the stored text is not JSON. */
  readonly value: unknown
  /** Counts writes from 1. */
  readonly revision: number
}

export interface StoredInList extends Stored {
  /** Its place in the list. The next page begins after it. */
  readonly place: string
}

/** A record that exists and cannot be read: it is not JSON, of a newer version, or of another form. */
export interface UnreadableRecord {
  readonly kind: RecordKind
  readonly id: string
  readonly error: StoreError
}

export interface WriteOptions {
  /** The revision that was read. 0: there was no record. */
  readonly revision: number
  /** The list of its kind in which the record is placed. A record is in at most one. Absent: none. */
  readonly list?: string
}

/** A lock that ends by itself after a time. */
export interface Lease {
  /** Grows with every lease of the same name. A holder passes it to what it changes, which refuses a lower token. */
  readonly token: number
  /** Extends the lease by the same time from now. False: it was lost. */
  renew(): Promise<boolean>
  /** Ends the lease. It has no effect if the lease was lost. */
  release(): Promise<void>
}

/**
 * What every process must know, also after a restart. Each method is one atomic step at the server's time. It throws
 * StoreError within about two seconds if the store does not answer. Ids, keys and names of lists have at most 512
 * characters, and no control characters.
 */
export interface Store {
  /** Called for each record that could not be read. It is skipped, and nothing else stops because of it. */
  readonly unreadable?: (record: UnreadableRecord) => void
  read(kind: RecordKind, id: string): Promise<Stored | undefined>
  /** Reads records in one round trip, in the given order. Missing ones are left out. */
  readMany(kind: RecordKind, ids: readonly string[]): Promise<readonly Stored[]>
  /**
   * Writes a record with compare-and-set. False: another writer was first. The record leaves its previous list, and is
   * kept for the retention of its kind from now. @param value Plain JSON, at most 1 MiB.
   */
  write(kind: RecordKind, id: string, value: unknown, options: WriteOptions): Promise<boolean>
  remove(kind: RecordKind, id: string): Promise<void>
  /**
   * Reads at most `limit` records of a list in the order in which they entered it. @param after A `place`. Default: the
   * beginning.
   */
  list(kind: RecordKind, list: string, limit: number, after?: string): Promise<readonly StoredInList[]>
  count(kind: RecordKind, list: string): Promise<number>
  /** Returns true for the first caller that claims the key within `ms` milliseconds. It detects replays and duplicates. */
  claim(key: string, ms: number): Promise<boolean>
  /** Takes a lease. undefined: somebody else holds it. @param ms Milliseconds until it ends. */
  lease(name: string, ms: number): Promise<Lease | undefined>
  /**
   * Reserves the next free slot of something that happens at most once in `interval` milliseconds over all processes.
   * Returns the milliseconds until the slot; 0: now.
   */
  pace(key: string, interval: number): Promise<number>
  /**
   * Blocks all slots for `ms` milliseconds from now, for example after a Retry-After. Slots that were already given
   * remain valid.
   */
  holdPace(key: string, ms: number): Promise<void>
  /** Returns sentences about problems of the server, each with its fix. Empty: none. */
  problems(): Promise<readonly Text[]>
  /** Checks that the store can be written, because a server with a full disk or memory often still answers. */
  ping(): Promise<void>
  close(): Promise<void>
}

/**
 * Why the store failed. `unavailable`, `timeout`: the request may or may not have taken effect. `invalid`: the request
 * is not possible. `unreadable`: the stored record has an unknown form. `newer-version`: a later version of this
 * program wrote it. `conflict`: other writers were first, again and again. `in-use`: another process uses the data
 * directory.
 */
export type StoreErrorCode =
  | 'unavailable'
  | 'timeout'
  | 'invalid'
  | 'unreadable'
  | 'newer-version'
  | 'conflict'
  | 'in-use'

export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly code: StoreErrorCode

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** Text that is not JSON was not written by this program. It gets no value, so that it does not hide the other records. */
export function toStored(id: string, text: string, revision: number): Stored {
  try {
    return { id, value: JSON.parse(text), revision }
  } catch {
    return { id, value: undefined, revision }
  }
}

/** Bytes. An incident with its diagnosis has about 20 KiB, and the saved facts of a large cluster about 200. */
const largest = 1024 * 1024

/** Returns the text that is stored. Throws StoreError `invalid`. */
export function toJsonText(value: unknown): string {
  const written: string | undefined = JSON.stringify(value) // undefined for `undefined` and functions
  if (written === undefined) throw new StoreError('invalid', 'a value that is not JSON cannot be stored')
  const size = Buffer.byteLength(written)
  if (size <= largest) return written
  throw new StoreError('invalid', `a value of ${size} bytes cannot be stored: the limit is ${largest}`)
}

/** Characters. Both stores accept more, and no name of this program is longer. */
const longest = 512

/**
 * Checks a name. PostgreSQL accepts neither NUL nor a lone surrogate, and people read keys. Throws StoreError
 * `invalid`.
 */
export function checkName(name: string): string {
  if (name !== '' && name.length <= longest && name.isWellFormed() && !/\p{Cc}/u.test(name)) return name
  throw new StoreError('invalid', `not a name that can be stored, of 1 to ${longest} visible characters`)
}

/** Checks a time to live. Throws StoreError `invalid`. */
export function checkMilliseconds(ms: number): number {
  if (Number.isSafeInteger(ms) && ms > 0) return ms
  throw new StoreError('invalid', `${ms} is not a number of milliseconds`)
}

const hour = 60 * 60 * 1_000
const day = 24 * hour

/** The configured retention. */
export interface RetentionOptions {
  /** Milliseconds for which an incident and its parts are kept. */
  readonly keep: number
}

/** The kinds of records, and the milliseconds for which each is kept after it was last written. */
export function retention({ keep }: RetentionOptions) {
  return {
    incident: keep,
    'incident-key': keep,
    thread: keep,
    'thread-root': keep,
    'alert-post': keep,
    summary: keep,
    alert: 3 * day,
    delivery: day,
    facts: 30 * day,
    wrong: 400 * day,
    offer: keep,
    approval: keep,
    evidence: 30 * day,
    audit: 400 * day,
    mute: 8 * day,
    request: hour,
    setting: 400 * day,
  } as const satisfies Readonly<Record<string, number>>
}

export type RecordKind = keyof ReturnType<typeof retention>
