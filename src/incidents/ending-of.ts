import type { Diagnosis } from '../playbooks/image-pull/diagnosis.ts'
import { counted, type Text, text } from '../text.ts'
import type { AffectedWorkload, Incident } from './incident.ts'

export interface Ending {
  readonly how: 'fixed' | 'gone'
  /** What was seen, in sentences. */
  readonly proof: readonly Text[]
}

/**
 * Whether an incident is over, after a check that found no failure: every workload of it is well, or gone. A workload that
 * is gone is not fixed. `diagnosis` undefined: the subject itself is gone. The answer undefined: not yet.
 */
export function endingOf({ affected, subject }: Incident, diagnosis: Diagnosis | undefined): Ending | undefined {
  const { workloads } = affected
  const own = workloads.find(({ kind, name }) => kind === subject.workload.kind && name === subject.workload.name)
  const open = workloads.filter(({ state }) => state === 'failing' || state === 'recovering')
  if (open.length > 0 && !(open.length === 1 && open[0] === own && !diagnosis)) return undefined
  const recovered = workloads.filter(({ state }) => state === 'recovered')
  if (recovered.length === 0) return { how: 'gone', proof: [goneWords(own ?? subject.workload, diagnosis)] }
  if (own?.state === 'recovered' && !diagnosis?.healthy) return undefined
  return {
    how: 'fixed',
    proof: [recoveredWords(recovered), ...(diagnosis?.healthy && diagnosis.note ? [diagnosis.note] : [])],
  }
}

function recoveredWords([first, ...others]: readonly AffectedWorkload[]): Text {
  if (!first) return text``
  const { kind, name, ready, desired } = first
  const rest = others.length > 0 ? text`, and ${counted(others.length, 'other workload')} too` : text``
  const count = desired > 0 ? text`: ${ready} of ${desired} ready for a minute` : text` runs`
  return text`${kind} ${name}${count}${rest}`
}

function goneWords(
  { kind, name }: { readonly kind: string; readonly name: string },
  diagnosis: Diagnosis | undefined,
): Text {
  return diagnosis?.note ?? text`${kind} ${name} is deleted`
}
