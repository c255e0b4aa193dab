import { askAll, type Check, type Facts, type Run } from './check.ts'

/** From the strongest to the weakest. */
export const confidences = ['proven', 'likely', 'possible'] as const
export type Confidence = (typeof confidences)[number]

export interface Finding {
  readonly confidence: Confidence
}

/** `undetermined` may carry what can be said without the missing fact: it stands, but is never more than that. */
export type Verdict<F extends Finding> =
  | { readonly status: 'confirmed'; readonly finding: F }
  | { readonly status: 'ruled-out' }
  | { readonly status: 'undetermined'; readonly reason: string; readonly finding?: F }

/** A string in `explains` is a kind of message; a reference is another cause. */
export interface Cause<Kind extends string, F extends Finding> {
  readonly id: string
  readonly explains: readonly (Kind | Cause<Kind, F>)[]
  judge(run: Run): Promise<Verdict<F>>
}

type FactsOnly = Readonly<Record<string, Check<unknown>>>

export interface CauseSpec<Kind extends string, F extends Finding, N extends FactsOnly, P extends FactsOnly> {
  readonly id: string
  readonly explains: readonly (Kind | Cause<Kind, F>)[]
  readonly needs: N
  /** undefined: ruled out. Pure. */
  explain(facts: Facts<N>): F | undefined
  /** What may be said while a fact that is needed is unknown. */
  readonly presume?: { readonly needs: P; explain(facts: Facts<P>): F | undefined }
}

/** One for a playbook, so that a misspelt kind does not compile: `const cause = causesOf<Kind, PullFinding>()`. */
export function causesOf<Kind extends string, F extends Finding>() {
  return function cause<const N extends FactsOnly, const P extends FactsOnly = FactsOnly>(
    spec: CauseSpec<Kind, F, N, P>,
  ): Cause<Kind, F> {
    async function presume(run: Run): Promise<F | undefined> {
      const facts = spec.presume && (await askAll(spec.presume.needs, run))
      return facts?.known ? spec.presume?.explain(facts.value) : undefined
    }
    async function judge(run: Run): Promise<Verdict<F>> {
      const facts = await askAll(spec.needs, run)
      if (!facts.known) {
        const finding = await presume(run)
        return { status: 'undetermined', reason: facts.reason, ...(finding && { finding }) }
      }
      const finding = spec.explain(facts.value)
      return finding ? { status: 'confirmed', finding } : { status: 'ruled-out' }
    }
    return { id: spec.id, explains: spec.explains, judge }
  }
}
