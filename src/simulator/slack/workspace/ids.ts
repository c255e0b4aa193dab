import { randomBytes } from 'node:crypto'
import type { KnownBlock } from '@slack/types'
import type { Clock } from '../../clock.ts'

export interface Ids {
  /** Makes the ts of a message or an action: seconds and microseconds, unique and increasing. */
  ts(): string
  /** Makes an id such as `V0000000001`, with one counter for all prefixes. */
  next(prefix: string): string
  /** Makes an unguessable string. */
  secret(): string
}

export function createIds(clock: Clock): Ids {
  let last = 0
  let count = 0
  return {
    ts() {
      last = Math.max(last + 100, clock.now() * 1_000)
      const microseconds = String(last)
      return `${microseconds.slice(0, -6)}.${microseconds.slice(-6)}`
    },
    next(prefix) {
      count += 1
      return `${prefix}${count.toString(36).toUpperCase().padStart(10, '0')}`
    },
    secret: () => randomBytes(18).toString('base64url'),
  }
}

const blockLists: ReadonlySet<string> = new Set(['child_blocks', 'tasks'])
const elementPlaces: ReadonlySet<string> = new Set(['elements', 'accessory', 'element', 'actions'])
/** Types that are not interactive. */
const still =
  /^(?:image|plain_text|mrkdwn|card|rich_text_\w+|text|link|emoji|user|usergroup|channel|team|broadcast|color|date)$/

/** Adds missing ids, as Slack does: a block_id to each block, and an action_id to each interactive element. */
export function withIds(blocks: readonly unknown[], nextId: () => string): readonly KnownBlock[] {
  return blocks.map((block) => completed(block, 'child_blocks', nextId)) as KnownBlock[] // validated before
}

function completed(value: unknown, place: string, nextId: () => string): unknown {
  if (Array.isArray(value)) return value.map((each) => completed(each, place, nextId))
  if (typeof value !== 'object' || value === null) return value
  const inside = Object.entries(value).map(([key, each]) => [key, completed(each, key, nextId)] as const)
  const key = idKey(value, place)
  return { ...(key && { [key]: nextId() }), ...Object.fromEntries(inside) }
}

function idKey(value: object, place: string): 'block_id' | 'action_id' | undefined {
  if (blockLists.has(place)) return 'block_id'
  const usable = elementPlaces.has(place) && 'type' in value && !still.test(String(value.type))
  return usable ? 'action_id' : undefined
}
