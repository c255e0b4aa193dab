import type { Diagnosis } from '../playbooks/image-pull/diagnosis.ts'
import { counted, type Text, text } from '../text.ts'
import type { AffectedWorkload, Incident } from './incident.ts'

export interface Ending {
  readonly how: 'fixed' | 'gone' | 'elsewhere'
  /** What was seen, in sentences. */
  readonly proof: readonly Text[]
}

/** Milliseconds that pods which have pulled may take to become ready, before something else is wrong with them. */
const patience = 10 * 60_000

/**
 * Whether an incident is over, after a check that found no failure: every workload of it is well, or gone, or has pulled
 * long ago. A workload that is gone is not fixed, and neither is one that is not ready. `diagnosis` undefined: the subject
 * itself is gone. The answer undefined: not yet.
 */
export function endingOf(incident: Incident, diagnosis: Diagnosis | undefined, now: Date): Ending | undefined {
  const { affected, subject, healingSince } = incident
  const { workloads } = affected
  if (workloads.length === 0 && diagnosis)
    return diagnosis.healthy || diagnosis.route ? elsewhere(diagnosis) : undefined
  const own = workloads.find(({ kind, name }) => kind === subject.workload.kind && name === subject.workload.name)
  const open = workloads.filter(({ state }) => state === 'failing' || state === 'recovering')
  if (open.length > 0 && !(open.length === 1 && open[0] === own && !diagnosis)) {
    const failing = open.some(({ state }) => state === 'failing')
    const long = healingSince !== undefined && now.getTime() - Date.parse(healingSince) >= patience
    return diagnosis && !failing && long ? elsewhere(diagnosis) : undefined
  }
  const recovered = workloads.filter(({ state }) => state === 'recovered')
  if (recovered.length === 0) return { how: 'gone', proof: [goneWords(own ?? subject.workload, diagnosis)] }
  if (own?.state === 'recovered' && !diagnosis?.healthy) return undefined
  return {
    how: 'fixed',
    proof: [recoveredWords(recovered), ...(diagnosis?.healthy ? pulledWords(diagnosis) : [])],
  }
}

function elsewhere({ note, route }: Diagnosis): Ending {
  const proof = note ?? text`Its images are pulled.`
  return { how: 'elsewhere', proof: route?.playbook ? [proof, text`Its playbook is ${route.playbook}.`] : [proof] }
}

function recoveredWords([first, ...others]: readonly AffectedWorkload[]): Text {
  if (!first) return text``
  const { kind, name, ready, desired } = first
  const rest = others.length > 0 ? text`, and ${counted(others.length, 'other workload')} too` : text``
  const count = desired > 0 ? text`: ${ready} of ${desired} ready for a minute` : text` runs`
  return text`${kind} ${name}${count}${rest}`
}

function pulledWords({ target: { pod, image } }: Diagnosis): readonly Text[] {
  return pod && image ? [text`pod ${pod} has pulled ${image}`] : []
}

function goneWords(
  { kind, name }: { readonly kind: string; readonly name: string },
  diagnosis: Diagnosis | undefined,
): Text {
  return diagnosis?.note ?? text`${kind} ${name} is deleted`
}
