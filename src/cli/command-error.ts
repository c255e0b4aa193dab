/** 1: a defect. 2: usage, configuration. 3: no such target, or several. 4: the cluster cannot be asked. */
export type ExitCode = 0 | 1 | 2 | 3 | 4

/** What a person who typed a command is told: what happened, and the next step. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly exitCode: ExitCode
  readonly code: string
  /** What to do about it, in a sentence. */
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
