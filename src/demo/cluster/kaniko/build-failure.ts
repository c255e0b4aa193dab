/** Where a build ended: before it began, at the push check, within, or at the push. */
export type BuildFailureCode = 'arguments' | 'push-check' | 'build' | 'push'

/** A build that failed, with the last line of its log. */
export class BuildFailure extends Error {
  override readonly name = 'BuildFailure'
  readonly code: BuildFailureCode
  readonly exitCode: number

  constructor(code: BuildFailureCode, lastLine: string, exitCode = 1) {
    super(lastLine)
    this.code = code
    this.exitCode = exitCode
  }
}
