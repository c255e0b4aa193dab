import { createHash } from 'node:crypto'

/** `sha256:…`, by which everything in a registry is found. */
export function digestOf(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`
}
