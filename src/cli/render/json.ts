import { lastingOf } from '../../playbooks/image-pull/causes.ts'
import type {
  ContainerDiagnosis,
  Diagnosis,
  Evidence,
  PullFinding,
  PullVerdict,
  Remedy,
} from '../../playbooks/image-pull/model.ts'
import { redact } from '../../secret.ts'
import { shell } from '../../shell.ts'
import { plain, type Text } from '../../text.ts'

export interface Measured {
  readonly apiCalls: { readonly kubernetes: number; readonly registry: number }
  /** Milliseconds. */
  readonly ms: number
}

/** Returns the object that `-o json` prints. It is a public contract. */
export function diagnosisJson(diagnosis: Diagnosis, note: Text | undefined, measured: Measured): object {
  const [first, ...others] = diagnosis.failing
  const said = note ?? diagnosis.note
  return {
    target: { ...diagnosis.target, owner: ownerName(diagnosis) },
    healthy: diagnosis.healthy,
    verdict: first ? verdictJson(first.verdict) : null,
    also: first?.also.map(verdictJson) ?? [],
    others: others.map(({ container, image, verdict }) => ({ container, image, verdict: verdictJson(verdict) })),
    chain: first ? chainJson(first) : [],
    undetermined: diagnosis.failing.flatMap((it) => it.undetermined),
    observations: diagnosis.observations,
    impact: diagnosis.impact ?? null,
    change: changeJson(first),
    route: diagnosis.route?.playbook
      ? { playbook: diagnosis.route.playbook, because: sentence(diagnosis.route.note) }
      : null,
    note: said ? sentence(said) : null,
    ...measured,
  }
}

function ownerName({ target: { owner } }: Diagnosis): string | null {
  return owner ? `${owner.kind}/${owner.name}` : null
}

function changeJson(of: ContainerDiagnosis | undefined): object | null {
  if (!of?.change) return null
  const { imageBefore, imageNow, when, by, stillPulls } = of.change
  return { imageBefore, imageNow, when, by: by ?? null, stillPulls: stillPulls ?? null }
}

export function chainJson({ chain }: ContainerDiagnosis): object[] {
  return chain.map(({ cause, title }) => ({ cause, title }))
}

export function verdictJson(verdict: PullVerdict): object {
  return {
    cause: verdict.cause,
    confidence: verdict.confidence,
    lasting: lastingOf(verdict.cause),
    title: verdict.title,
    summary: sentence(verdict.summary),
    because: verdict.because.map(evidenceJson),
    remedies: verdict.remedies.map(remedyJson),
    verify: verdict.verify.map(step),
    prevent: verdict.prevent.map(sentence),
  }
}

function evidenceJson({ says, source, confidence }: Evidence): object {
  return { says: sentence(says), source: redact(source), confidence }
}

function remedyJson(remedy: Remedy): object {
  const title = sentence(remedy.title)
  if (remedy.kind === 'command') return { kind: 'command', title, command: shell(remedy), argv: remedy.argv }
  if (remedy.kind === 'action') return { kind: 'action', title }
  return { ...remedy, title }
}

function step(of: PullFinding['verify'][number]): string {
  return 'argv' in of ? shell(of) : sentence(of)
}

function sentence(of: Text): string {
  return redact(plain(of))
}
