import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { RecordKind } from './record-kinds.ts'
import type { Store, Stored } from './store.ts'
import { StoreError } from './store-error.ts'

/** What a record carries, whatever its kind. */
interface Versioned {
  readonly version: number
}

export interface RecordsOptions<T extends Versioned> {
  readonly schema: z.ZodType<T>
  /** The newest that this program knows, and the one it writes. */
  readonly version: number
  /** From 0 to 1; of the pause before another try. Default Math.random. */
  readonly jitter?: () => number
}

export interface Change<T> {
  readonly value: T
  /** As in Store.write. */
  readonly list?: string
}

export interface Listed<T> {
  readonly records: readonly { readonly id: string; readonly value: T }[]
  /** Of a newer version, or not understood. They do not hide the others. */
  readonly unreadable: readonly { readonly id: string; readonly error: StoreError }[]
}

/** Records of one kind, parsed. Every method throws StoreError. */
export interface Records<T extends Versioned> {
  read(id: string): Promise<T | undefined>
  /**
   * Puts what `edit` returns in the place of what it was given; of undefined nothing is written. It is asked again when
   * another writer was first, so it must do nothing else. Returns what is then stored. A record of a newer version, or one
   * that is not understood, is left untouched.
   */
  change(id: string, edit: (before: T | undefined) => Change<T> | undefined): Promise<T | undefined>
  /** As in Store.list. */
  list(list: string, limit: number): Promise<Listed<T>>
}

/** Twenty writers of one record at a time take some ten; who needs more meets something else than that. */
const tries = 40
/** Milliseconds. */
const pause = { first: 5, longest: 100 } as const

const versioned = z.object({ version: z.int() })

export function records<T extends Versioned>(store: Store, kind: RecordKind, options: RecordsOptions<T>): Records<T> {
  const jitter = options.jitter ?? Math.random

  async function read(id: string): Promise<T | undefined> {
    const stored = await store.read(kind, id)
    return stored && parse(kind, stored, options)
  }

  async function change(id: string, edit: (before: T | undefined) => Change<T> | undefined): Promise<T | undefined> {
    for (let attempt = 0; attempt < tries; attempt++) {
      if (attempt > 0) await sleep(jitter() * Math.min(pause.first * 2 ** attempt, pause.longest))
      const stored = await store.read(kind, id)
      const before = stored && parse(kind, stored, options)
      const wanted = edit(before)
      if (!wanted) return before
      const revision = stored?.revision ?? 0
      const place = wanted.list === undefined ? { revision } : { revision, list: wanted.list }
      if (await store.write(kind, id, wanted.value, place)) return wanted.value
    }
    throw new StoreError('conflict', `the ${kind} ${id} was not written: others were first ${tries} times`)
  }

  async function list(name: string, limit: number): Promise<Listed<T>> {
    const found = (await store.list(kind, name, limit)).map((stored) => attempt(kind, stored, options))
    return {
      records: found.filter((it) => 'value' in it),
      unreadable: found.filter((it) => 'error' in it),
    }
  }

  return { read, change, list }
}

function attempt<T extends Versioned>(
  kind: RecordKind,
  stored: Stored,
  options: RecordsOptions<T>,
): { readonly id: string; readonly value: T } | { readonly id: string; readonly error: StoreError } {
  try {
    return { id: stored.id, value: parse(kind, stored, options) }
  } catch (error) {
    if (error instanceof StoreError) return { id: stored.id, error }
    throw error
  }
}

function parse<T extends Versioned>(kind: RecordKind, stored: Stored, { schema, version }: RecordsOptions<T>): T {
  const is = versioned.safeParse(stored.value).data?.version
  if (is !== undefined && is > version) {
    const says = `the ${kind} ${stored.id} has version ${is}, and this program knows ${version}: it is left untouched`
    throw new StoreError('newer-version', says)
  }
  const parsed = schema.safeParse(stored.value)
  if (parsed.success) return parsed.data
  const issues = z.prettifyError(parsed.error)
  throw new StoreError('invalid', `the ${kind} ${stored.id} is not understood, and left untouched: ${issues}`)
}
