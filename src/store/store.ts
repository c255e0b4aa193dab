import type { Text } from '../text.ts'
import type { RecordKind } from './record-kinds.ts'
import type { StoreError } from './store-error.ts'

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
