import type { Readable, Writable } from 'node:stream'

/** 1: a defect. 2: usage, configuration. 3: no such target, or several. 4: the cluster cannot be asked. */
export type ExitCode = 0 | 1 | 2 | 3 | 4

/** An error that a command prints: what happened, and what to do. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly exitCode: ExitCode
  readonly code: string
  /** What to do, in one sentence. */
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

/** What a command reads and writes, so that tests need no process. */
export interface Io {
  readonly input: Readable
  readonly output: Writable & { readonly isTTY?: boolean }
  readonly errors: Writable & { readonly isTTY?: boolean }
}
