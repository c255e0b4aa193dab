export interface ConfigurationProblem {
  /** `registries[1].access`; empty for the file as a whole. */
  readonly path: string
  /** From 1, where the file shows it. */
  readonly line?: number
  /** Completes a sentence that begins with the path: what is wrong, and what is allowed. */
  readonly says: string
}

/** `unreadable`: the configuration itself. `invalid`: what it says, or a file that it names. */
export type ConfigurationErrorCode = 'not-found' | 'unreadable' | 'invalid'

/** Nothing is used of a configuration with a problem: half a policy is another policy. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError'
  readonly code: ConfigurationErrorCode
  /** All of them, in the file's order. */
  readonly problems: readonly ConfigurationProblem[]

  constructor(
    code: ConfigurationErrorCode,
    file: string,
    problems: readonly ConfigurationProblem[],
    options?: ErrorOptions,
  ) {
    super(`The configuration ${file} cannot be used: ${problems.map(sentence).join('; ')}.`, options)
    this.code = code
    this.problems = problems
  }
}

function sentence({ path, line, says }: ConfigurationProblem): string {
  const where = line === undefined ? '' : `line ${line}: `
  return `${where}${path || 'the file'} ${says}`
}
