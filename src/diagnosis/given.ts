import type { Question } from './question.ts'
import { type Run, rootOf } from './run.ts'

export interface Given<T> extends Question<T> {
  give(run: Run, value: T): void
}

/** What the caller brings: the cluster, the target, the image. A cause cannot need one: it is no Check. */
export function given<T>(id: string): Given<T> {
  const values = new WeakMap<Run, { readonly value: T }>()
  const holder = (run: Run): Run | undefined => (values.has(run) ? run : run.parent && holder(run.parent))
  return {
    id,
    give: (run, value) => void values.set(run, { value }),
    home: (run) => holder(run) ?? rootOf(run),
    ask: async (run) => {
      const held = values.get(holder(run) ?? run)
      return held ? { known: true, value: held.value } : { known: false, reason: `${id} was not given` }
    },
  }
}
