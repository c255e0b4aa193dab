import { randomBytes } from 'node:crypto'
import type { Clock } from '../clock.ts'

export interface Ids {
  /** Of a message or an action: seconds and microseconds, never the same twice, never smaller than the one before. */
  ts(): string
  /** `V0000000001`: one count for all kinds. */
  next(prefix: string): string
  /** Cannot be guessed. */
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
