import { createHash } from 'node:crypto'

/**
 * Hashes JSON so that the order of keys does not matter: a store may return them in another order. Own code and not
 * `safe-stable-stringify`: that library turns a circular value into a placeholder, and approvals are sealed
 * with this hash.
 */
export function canonicalHash(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(value)))
    .digest('hex')
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, of]) => of !== undefined)
  return Object.fromEntries(
    entries.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([key, of]) => [key, sorted(of)]),
  )
}
