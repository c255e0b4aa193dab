import type { Text } from '../text.ts'

export interface Stored {
  readonly id: string
  /** Plain JSON. undefined: what is stored there is not JSON. */
  readonly value: unknown
  /** Counts writes from 1. */
  readonly revision: number
}

export interface StoredInList extends Stored {
  /** Where it stands in the list: what follows begins after it. */
  readonly place: string
}

/** A record that is there and cannot be read: not JSON, of a newer version, or of another form. */
export interface UnreadableRecord {
  readonly kind: RecordKind
  readonly id: string
  readonly error: StoreError
}

export interface WriteOptions {
  /** The one that was read; 0 for "there is none". */
  readonly revision: number
  /** The one list of its kind that the record now stands in. Absent: none. */
  readonly list?: string
}

/** A lock that ends by itself. */
export interface Lease {
  /** Grows with every lease of that name: who acts on something outside passes it on, and the lower one is refused. */
  readonly token: number
  /** For the same time again, from now. False: it was lost. */
  renew(): Promise<boolean>
  /** Of no effect when it was lost. */
  release(): Promise<void>
}

/**
 * What must be known by every process, and after a restart. Each method is one atomic step, at the time of the server,
 * and throws StoreError within about two seconds where the store does not answer. Ids, keys and names of lists are at most
 * 512 characters without controls.
 */
export interface Store {
  /** Hears of each record that could not be read: it is passed over, and nothing else stops because of it. */
  readonly unreadable?: (record: UnreadableRecord) => void
  read(kind: RecordKind, id: string): Promise<Stored | undefined>
  /** In the order asked for, in one round trip. Missing ones are left out. */
  readMany(kind: RecordKind, ids: readonly string[]): Promise<readonly Stored[]>
  /**
   * Compare-and-set. False: another writer was first. The record leaves the list it was in, and is kept for its kind's
   * retention from now. @param value Plain JSON, 1 MiB at most.
   */
  write(kind: RecordKind, id: string, value: unknown, options: WriteOptions): Promise<boolean>
  remove(kind: RecordKind, id: string): Promise<void>
  /** Records of a list, by when they entered it, oldest first; at most `limit`. @param after A `place`. Default: the beginning. */
  list(kind: RecordKind, list: string, limit: number, after?: string): Promise<readonly StoredInList[]>
  count(kind: RecordKind, list: string): Promise<number>
  /** True for the first who claims the key within `ms` milliseconds: replays, duplicates. */
  claim(key: string, ms: number): Promise<boolean>
  /** undefined: somebody holds it. @param ms Milliseconds until it ends. */
  lease(name: string, ms: number): Promise<Lease | undefined>
  /**
   * Reserves the next free slot of something that happens at most once in `interval` milliseconds, over all processes.
   * Milliseconds from now until it; 0: now.
   */
  pace(key: string, interval: number): Promise<number>
  /** Nobody may go for `ms` milliseconds from now, as after a Retry-After. Slots already given stay given. */
  holdPace(key: string, ms: number): Promise<void>
  /** What is wrong with the server that holds it, in sentences with the fix. Empty: nothing. */
  problems(): Promise<readonly Text[]>
  /** It can be written: a full disk or memory often still answers. */
  ping(): Promise<void>
  close(): Promise<void>
}

/**
 * Why the store did not do what was asked. `unavailable`, `timeout`: it may or may not have done it. `invalid`: what was
 * asked for cannot be. `unreadable`: what is stored is not understood. `newer-version`: a later version of this program wrote
 * it. `conflict`:
 * others were first, again and again. `in-use`: another process has the data directory.
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

/** Text that is not JSON, which we did not write, has no value: it must not hide the others that were asked for with it. */
export function storedOf(id: string, text: string, revision: number): Stored {
  try {
    return { id, value: JSON.parse(text), revision }
  } catch {
    return { id, value: undefined, revision }
  }
}

/** Bytes. An incident with its diagnosis has some 20 KiB; saved facts of a large cluster some 200. */
const largest = 1024 * 1024

/** As it is stored. Throws StoreError `invalid`. */
export function toJsonText(value: unknown): string {
  const written: string | undefined = JSON.stringify(value) // of `undefined` or a function there is none
  if (written === undefined) throw new StoreError('invalid', 'a value that is not JSON cannot be stored')
  const size = Buffer.byteLength(written)
  if (size <= largest) return written
  throw new StoreError('invalid', `a value of ${size} bytes cannot be stored: ${largest} are the most`)
}

/** Characters. Both stores take more; nothing that we name is longer. */
const longest = 512

/** PostgreSQL takes no NUL and no lone surrogate, and people read keys. Throws StoreError `invalid`. */
export function checkName(name: string): string {
  if (name !== '' && name.length <= longest && name.isWellFormed() && !/\p{Cc}/u.test(name)) return name
  throw new StoreError('invalid', `not a name that can be stored, of 1 to ${longest} visible characters`)
}

/** Throws StoreError `invalid` for what no server takes as a time to live. */
export function checkMilliseconds(ms: number): number {
  if (Number.isSafeInteger(ms) && ms > 0) return ms
  throw new StoreError('invalid', `${ms} is not a number of milliseconds`)
}

const hour = 60 * 60 * 1_000
const day = 24 * hour

/** The configuration's. */
export interface RetentionOptions {
  /** Milliseconds that an incident and what belongs to it are kept. */
  readonly keep: number
}

/** What is kept, and for how many milliseconds after it was last written. */
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
