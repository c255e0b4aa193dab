import type { Stored } from './store.ts'

/** Text that is not JSON, which we did not write, has no value: it must not hide the others that were asked for with it. */
export function storedOf(id: string, text: string, revision: number): Stored {
  try {
    return { id, value: JSON.parse(text), revision }
  } catch {
    return { id, value: undefined, revision }
  }
}
