import type { Lease, RecordKind, Store, Stored } from '../../src/store/store.ts'

interface Kept extends Stored {
  readonly list: string | undefined
  readonly entered: number
}

/** A store in memory, for tests that ask for nothing of a database but its words. The real ones have tests of their own. */
export function testStore(now: () => number = Date.now): Store {
  const kinds = new Map<RecordKind, Map<string, Kept>>()
  const claims = new Map<string, number>()
  const leases = new Map<string, number>()
  let entries = 0
  let tokens = 0

  function of(kind: RecordKind): Map<string, Kept> {
    const known = kinds.get(kind) ?? new Map<string, Kept>()
    kinds.set(kind, known)
    return known
  }
  function listed(kind: RecordKind, list: string): readonly Kept[] {
    return [...of(kind).values()].filter((it) => it.list === list).toSorted((a, b) => a.entered - b.entered)
  }
  function claim(held: Map<string, number>, key: string, ms: number): boolean {
    if ((held.get(key) ?? 0) > now()) return false
    held.set(key, now() + ms)
    return true
  }

  return {
    read: async (kind, id) => structuredClone(of(kind).get(id)),
    readMany: async (kind, ids) => ids.flatMap((id) => structuredClone(of(kind).get(id)) ?? []),
    async write(kind, id, value, { revision, list }) {
      const before = of(kind).get(id)
      if ((before?.revision ?? 0) !== revision) return false
      entries += 1
      const entered = before && before.list === list ? before.entered : entries
      of(kind).set(id, { id, value: JSON.parse(JSON.stringify(value)), revision: revision + 1, list, entered })
      return true
    },
    remove: async (kind, id) => void of(kind).delete(id),
    list: async (kind, list, limit, after = '0') =>
      listed(kind, list)
        .filter(({ entered }) => entered > Number(after))
        .slice(0, limit)
        .map(({ id, value, revision, entered }) => structuredClone({ id, value, revision, place: `${entered}` })),
    count: async (kind, list) => listed(kind, list).length,
    claim: async (key, ms) => claim(claims, key, ms),
    async lease(name, ms): Promise<Lease | undefined> {
      if (!claim(leases, name, ms)) return undefined
      tokens += 1
      return { token: tokens, renew: async () => true, release: async () => void leases.delete(name) }
    },
    pace: async () => 0,
    holdPace: async () => undefined,
    problems: async () => [],
    ping: async () => undefined,
    close: async () => undefined,
  }
}
