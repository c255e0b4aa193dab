import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { type RecordKind, type Store, type Stored, type StoredInList, StoreError } from './store.ts'

/** What every record contains. */
interface Versioned {
  readonly version: number
}

export interface RecordsOptions<T extends Versioned> {
  readonly schema: z.ZodType<T>
  /** The newest version that this program knows, and the one that it writes. */
  readonly version: number
  /**
   * For records of an index, which can be built again: if a record cannot be read, another one is kept beside it, and
   * the work continues as if there had been none. Default: false, for what must not be done or posted twice.
   */
  readonly substitute?: boolean
  /** From 0 to 1: the part of the pause before the next try. Default: Math.random. */
  readonly jitter?: () => number
}

export interface Change<T> {
  readonly value: T
  /** As in `Store.write`. */
  readonly list?: string
}

export interface Listed<T> {
  readonly records: readonly { readonly id: string; readonly value: T }[]
  /** Records of a newer version, or of an unknown form. They do not hide the others. */
  readonly unreadable: readonly { readonly id: string; readonly error: StoreError }[]
}

/** The parsed records of one kind. Every method throws StoreError. */
export interface Records<T extends Versioned> {
  /** Reads a record. Throws `newer-version` or `unreadable` if it cannot be read. */
  read(id: string): Promise<T | undefined>
  /** Reads a record, and treats one that cannot be read as absent. Such a record must not be overwritten. */
  find(id: string): Promise<T | undefined>
  /**
   * Replaces a record by what `edit` returns; for undefined nothing is written. `edit` runs again if another writer was
   * first, so it must have no side effects. Returns what is then stored. A record that cannot be read is left
   * untouched. Throws `invalid`, and writes nothing, if the new value could not be read again.
   */
  change(id: string, edit: (before: T | undefined) => Change<T> | undefined): Promise<T | undefined>
  /** As in `Store.list`. */
  list(list: string, limit: number): Promise<Listed<T>>
  /** Reads the whole list, page by page. */
  all(list: string): Promise<Listed<T>>
}

/** Twenty concurrent writers of one record need about ten tries. More than `tries` has another reason. */
const tries = 40
/** Milliseconds. */
const pause = { first: 5, longest: 100 } as const

/** Appended to the id of a record that cannot be read. */
const substituted = ' substitute'
/** Records at a time. */
const page = 1_000

interface Fetched<T> {
  readonly id: string
  readonly value: T | undefined
  readonly revision: number
}

const versioned = z.object({ version: z.int() })

/** Tells whether a record exists that this program cannot read, now or later. */
export function isUnreadable(error: unknown): error is StoreError {
  return error instanceof StoreError && (error.code === 'unreadable' || error.code === 'newer-version')
}

/** For `catch`: treats a record that cannot be read as absent. Throws any other error again. */
export function unreadableAsNone(error: unknown): undefined {
  if (isUnreadable(error)) return undefined
  throw error
}

export function records<T extends Versioned>(store: Store, kind: RecordKind, options: RecordsOptions<T>): Records<T> {
  const jitter = options.jitter ?? Math.random

  function parsed(stored: Stored): T {
    try {
      return parse(kind, stored, options)
    } catch (error) {
      if (isUnreadable(error)) store.unreadable?.({ kind, id: stored.id, error })
      throw error
    }
  }

  /** Reads what is stored, and the id under which it is written. */
  async function fetch(id: string): Promise<Fetched<T>> {
    const stored = await store.read(kind, id)
    if (!stored) return { id, value: undefined, revision: 0 }
    try {
      return { id, value: parsed(stored), revision: stored.revision }
    } catch (error) {
      if (options.substitute && isUnreadable(error) && !id.endsWith(substituted)) return fetch(`${id}${substituted}`)
      throw error
    }
  }

  async function read(id: string): Promise<T | undefined> {
    return (await fetch(id)).value
  }

  async function find(id: string): Promise<T | undefined> {
    return read(id).catch(unreadableAsNone)
  }

  async function change(id: string, edit: (before: T | undefined) => Change<T> | undefined): Promise<T | undefined> {
    for (let attempt = 0; attempt < tries; attempt++) {
      if (attempt > 0) await sleep(jitter() * Math.min(pause.first * 2 ** attempt, pause.longest))
      const { id: own, value: before, revision } = await fetch(id)
      const wanted = edit(before)
      if (!wanted) return before
      checkReadable(kind, own, wanted.value, options)
      const place = wanted.list === undefined ? { revision } : { revision, list: wanted.list }
      if (await store.write(kind, own, wanted.value, place)) return wanted.value
    }
    throw new StoreError('conflict', `the ${kind} ${id} was not written: other writers were first ${tries} times`)
  }

  function attempt(stored: Stored): Listed<T>['records'][number] | Listed<T>['unreadable'][number] {
    try {
      return { id: stored.id, value: parsed(stored) }
    } catch (error) {
      if (isUnreadable(error)) return { id: stored.id, error }
      throw error
    }
  }

  function listed(stored: readonly Stored[]): Listed<T> {
    const found = stored.map(attempt)
    return {
      records: found.filter((it) => 'value' in it),
      unreadable: found.filter((it) => 'error' in it),
    }
  }

  async function all(name: string): Promise<Listed<T>> {
    const found: StoredInList[] = []
    for (;;) {
      const next = await store.list(kind, name, page, found.at(-1)?.place)
      found.push(...next)
      if (next.length < page) return listed(found)
    }
  }

  const list = async (name: string, limit: number) => listed(await store.list(kind, name, limit))

  return { read, find, change, list, all }
}

/** Throws StoreError `invalid`. */
function checkReadable<T extends Versioned>(
  kind: RecordKind,
  id: string,
  value: T,
  { schema }: RecordsOptions<T>,
): void {
  const { error } = schema.safeParse(value)
  if (!error) return
  throw new StoreError(
    'invalid',
    `the ${kind} ${id} is not written, because it could not be read again: ${z.prettifyError(error)}`,
  )
}

function parse<T extends Versioned>(kind: RecordKind, stored: Stored, { schema, version }: RecordsOptions<T>): T {
  if (stored.value === undefined)
    throw new StoreError('unreadable', `the ${kind} ${stored.id} is not JSON and is left untouched`)
  const is = versioned.safeParse(stored.value).data?.version
  if (is !== undefined && is > version) {
    const message = `the ${kind} ${stored.id} has version ${is}, and this program knows ${version}: it is left untouched`
    throw new StoreError('newer-version', message)
  }
  const parsed = schema.safeParse(stored.value)
  if (parsed.success) return parsed.data
  const issues = z.prettifyError(parsed.error)
  throw new StoreError('unreadable', `the ${kind} ${stored.id} has an unknown form and is left untouched: ${issues}`)
}
