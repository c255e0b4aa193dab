import { StoreError } from './store-error.ts'

/** Bytes. An incident with its diagnosis has some 20 KiB; saved facts of a large cluster some 200. */
const largest = 1024 * 1024

/** As it is stored. Throws StoreError `invalid`. */
export function toJsonText(value: unknown): string {
  const written: string | undefined = JSON.stringify(value) // of `undefined` or a function there is none
  if (written === undefined) throw new StoreError('invalid', 'a value that is not JSON cannot be stored')
  const size = Buffer.byteLength(written)
  if (size <= largest) return written
  throw new StoreError('invalid', `a value of ${size} bytes cannot be stored: ${largest} are the most`)
}
