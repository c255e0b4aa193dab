import type { Readable, Writable } from 'node:stream'

/**
 * 0: done. 1: a defect. 2: wrong usage or configuration. 3: the target is unknown or ambiguous. 4: the cluster is unreachable.
 * Of commands for pipelines: 5: an image cannot be pulled. 6: something could not be determined. 7: it fails for another
 * reason. 8: the time is over.
 */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8

/** An error that a command prints: what happened, and what the user can do. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly exitCode: ExitCode
  readonly code: string
  /** What the user can do, in one sentence. */
  readonly hint: string
  readonly candidates: readonly string[]

  constructor(
    exitCode: ExitCode,
    code: string,
    message: string,
    hint: string,
    candidates: readonly string[] = [],
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.exitCode = exitCode
    this.code = code
    this.hint = hint
    this.candidates = candidates
  }
}

/** The streams of a command. Tests pass their own and need no process. */
export interface Io {
  readonly input: Readable
  readonly output: Writable & { readonly isTTY?: boolean }
  readonly errors: Writable & { readonly isTTY?: boolean }
}
