import type { Readable, Writable } from 'node:stream'

/** What a command reads and writes, so that tests need no process. */
export interface Io {
  readonly input: Readable
  readonly output: Writable & { readonly isTTY?: boolean }
  readonly errors: Writable & { readonly isTTY?: boolean }
}
