import { StoreError } from './store-error.ts'

/** Throws StoreError `invalid` for what no server takes as a time to live. */
export function checkMilliseconds(ms: number): number {
  if (Number.isSafeInteger(ms) && ms > 0) return ms
  throw new StoreError('invalid', `${ms} is not a number of milliseconds`)
}
