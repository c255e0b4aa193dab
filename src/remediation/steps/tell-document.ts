import { text } from '../../text.ts'
import type { Approval } from '../approval.ts'
import type { Step } from '../step.ts'

/** Shows a manifest or a diff in the thread, for somebody to commit. Nothing is changed. */
export function tellDocument<D>(of: (details: D) => NonNullable<Approval['document']> | undefined): Step<D> {
  return {
    id: 'document',
    title: () => 'Diff',
    only: (details) => of(details) !== undefined,
    async run({ details }) {
      const document = of(details)
      if (!document) return { step: 'done' }
      return { step: 'done', result: text`${document.file ?? 'below'}`, shows: { document } }
    },
  }
}
