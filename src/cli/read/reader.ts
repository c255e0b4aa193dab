import type { Option } from 'commander'

/** What `imagepull read` was told, besides the input. */
export interface ReadOptions {
  /** Adds to each answer an `explain` that names what matched. */
  readonly explain: boolean
  /** Values of a reader's own options, by their names. */
  readonly [own: string]: unknown
}

/**
 * Reads one input and asks nothing. `input` is the whole file as one string, or, with `--jsonl`, the JSON value of one
 * line. Returns a JSON object. Throws a `BadInput` where the input has not the form that was asked for.
 */
export type Reader = (input: unknown) => object | Promise<object>

/** A reader in the list. Its module is loaded only when it is used. */
export interface ReaderEntry {
  readonly what: string
  /** For the help: one phrase. */
  readonly does: string
  /** Options that only this reader has. */
  readonly options?: readonly Option[]
  readonly load: (options: ReadOptions) => Promise<Reader>
}

/** The input has not the form that was asked for. Its message is the answer. */
export class BadInput extends Error {
  override readonly name = 'BadInput'
}
