import { Refusal } from '../refusal.ts'

/** Items. */
const defaultLimit = 100

export interface Page<Item> {
  readonly items: readonly Item[]
  /** Empty on the last page. */
  readonly next: string
}

/** https://docs.slack.dev/apis/web-api/pagination: opaque cursors. */
export function pageOf<Item>(items: readonly Item[], cursor = '', limit = defaultLimit): Page<Item> {
  const from = cursor === '' ? 0 : startOf(cursor)
  if (from === undefined) throw new Refusal('invalid_cursor')
  const to = from + limit
  const next = to < items.length ? Buffer.from(`from:${to}`).toString('base64') : ''
  return { items: items.slice(from, to), next }
}

function startOf(cursor: string): number | undefined {
  const digits = /^from:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString())?.[1]
  return digits === undefined ? undefined : Number(digits)
}
