import type { Observation } from './observation.ts'
import type { Run } from './run.ts'

export interface Question<T> {
  readonly id: string
  /** The deepest run that a part of the answer comes from: there it is remembered. */
  home(run: Run): Run
  ask(run: Run): Promise<Observation<T>>
}

export type Needs = Readonly<Record<string, Question<unknown>>>
export type Facts<N> = { readonly [K in keyof N]: N[K] extends Question<infer T> ? T : never }

/** Asks all at once. The first unknown one, in the order written, is the reason for not knowing. */
export async function askAll<const N extends Needs>(needs: N, run: Run): Promise<Observation<Facts<N>>> {
  const entries = Object.entries(needs)
  const answers = await Promise.all(entries.map(([, question]) => question.ask(run)))
  const facts: Record<string, unknown> = {}
  for (const [index, [name]] of entries.entries()) {
    const answer = answers[index]
    if (!answer?.known) return answer ?? { known: false, reason: `${name} was not asked` }
    facts[name] = answer.value
  }
  return { known: true, value: facts as Facts<N> } // a record forgets which key has which type
}
