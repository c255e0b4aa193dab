import type { RawObject } from '../kubernetes/raw-object.ts'
import { restartsOf } from './restarts-of.ts'

/** How often this program restarted it of late. @param window Milliseconds. */
export function restartsWithin(object: RawObject, window: number, now: Date): number {
  const since = now.getTime() - window
  return restartsOf(object).filter(({ at }) => Date.parse(at) > since).length
}
