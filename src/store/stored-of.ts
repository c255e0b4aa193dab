import type { Stored } from './store.ts'
import { StoreError } from './store-error.ts'

/** Throws StoreError `invalid` for text that we did not write. */
export function storedOf(kind: string, id: string, text: string, revision: number): Stored {
  try {
    return { id, value: JSON.parse(text), revision }
  } catch (error) {
    throw new StoreError('invalid', `the stored ${kind} ${id} is not JSON`, { cause: error })
  }
}
