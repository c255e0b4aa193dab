import type { Option } from 'commander'

/** The options of `imagepull read`. */
export interface ReadOptions {
  /** Adds `explain`, which names what matched, to each answer. */
  readonly explain: boolean
  /** The values of the reader's own options, by name. */
  readonly [own: string]: unknown
}

/**
 * Reads one input and contacts nothing. `input` is the whole file as one string, or, with `--jsonl`, the JSON value of one
 * line. Returns a JSON object. Throws BadInput if the input has the wrong form.
 */
export type Reader = (input: unknown) => object | Promise<object>

/** An entry in the list of readers. `load` imports the reader's module, which is not needed before. */
export interface ReaderEntry {
  readonly what: string
  /** A phrase for the help. */
  readonly does: string
  /** Options that only this reader has. */
  readonly options?: readonly Option[]
  readonly load: (options: ReadOptions) => Promise<Reader>
}

/** The input has the wrong form. The message is printed as the answer. */
export class BadInput extends Error {
  override readonly name = 'BadInput'
}
