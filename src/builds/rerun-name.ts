import { createHash } from 'node:crypto'

/** A Job's name stands in a label of its pods, which takes 63 characters; this leaves room for their own. */
const baseLimit = 40
const suffix = /-r[0-9a-f]{8}$/

/**
 * The same for the same reasons: who creates it a second time is told that it is there. A rerun of a rerun has the name of
 * the first build, and another suffix.
 */
export function rerunName(base: string, ...reasons: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(reasons)).digest('hex').slice(0, 8)
  const short = base
    .replace(suffix, '')
    .slice(0, baseLimit)
    .replace(/[.-]+$/, '')
  return `${short}-r${hash}`
}
