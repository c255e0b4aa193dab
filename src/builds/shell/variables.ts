import type { Values } from './expansion.ts'

/** Variables from outside. undefined: the script gets no such variable; null: it gets one that cannot be read. */
export type Environment = (name: string) => string | null | undefined

/** Values that one variable may have, where branches of the script give it different ones. */
export const limitOfAlternatives = 24

/** The variables of a script as they are at one point of it. null: it has a value that only the run knows. */
export class ShellVariables {
  readonly arrays = new Map<string, Values>()
  /** `$0`, `$1` … */
  positional: readonly string[] = []
  readonly #environment: Environment
  readonly #own = new Map<string, Values | null>()

  constructor(environment: Environment) {
    this.#environment = environment
  }

  value(name: string): Values | undefined {
    if (/^\d$/.test(name)) {
      const given = this.positional[Number(name)]
      return given === undefined ? undefined : [given]
    }
    const own = this.#own.get(name)
    if (own !== undefined) return own ?? undefined
    const outside = this.#environment(name)
    return typeof outside === 'string' ? [outside] : undefined
  }

  isHidden(name: string): boolean {
    const own = this.#own.get(name)
    return own === null || (own === undefined && this.#environment(name) === null)
  }

  set(name: string, values: Values | null): void {
    this.#own.set(name, values?.slice(0, limitOfAlternatives) ?? null)
  }

  delete(name: string): void {
    this.#own.delete(name)
  }

  /** `NAME=value` and `NAME+=value`. `union`: it may not be carried out, so that the old values stay possible. */
  assign(
    name: string,
    given: Values | undefined,
    { appends, union }: { readonly appends: boolean; readonly union: boolean },
  ): void {
    const before = this.#own.get(name) ?? undefined
    const values = appends
      ? (before ?? ['']).flatMap((head) => (given ?? ['']).map((it) => head + it))
      : (given ?? null)
    this.set(name, union && before && values ? [...new Set([...before, ...values])] : values)
  }
}
