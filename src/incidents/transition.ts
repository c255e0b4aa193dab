import type { ContainerDiagnosis, Diagnosis, Observed } from '../playbooks/image-pull/diagnosis.ts'
import type { PlanStep } from '../playbooks/image-pull/plan.ts'
import { type Text, text } from '../text.ts'
import { withWorkload } from './affected.ts'
import type { Failure } from './failure.ts'
import type { Affected, Check, Incident } from './incident.ts'
import { subjectKey, subjectOf } from './subject-key.ts'

/** What happened to an incident. `at`: RFC 3339. */
export type IncidentEvent = { readonly at: string } & (
  | { readonly what: 'asked'; readonly by: string; readonly request: string }
  /** A check began; where one ran already, whoever did it was stopped. */
  | { readonly what: 'check-began' }
  | { readonly what: 'steps'; readonly steps: readonly PlanStep[] }
  | { readonly what: 'diagnosed'; readonly diagnosis: Diagnosis; readonly took: number }
  /** No `diagnosis`: what was to be looked at is gone. */
  | { readonly what: 'not-failing'; readonly diagnosis: Diagnosis | undefined; readonly took: number }
  | { readonly what: 'check-failed'; readonly reason: Text }
  /** `subject`: what is looked at no longer fails, and this does. */
  | { readonly what: 'counted'; readonly affected: Affected; readonly subject?: Failure }
  | { readonly what: 'ended'; readonly how: 'fixed' | 'gone' | 'quiet'; readonly proof: readonly Text[] }
  | { readonly what: 'joined'; readonly into: string }
  | { readonly what: 'called-wrong'; readonly by: string }
)

/** Replies with findings that nobody asked for, beside the first. */
const unasked = 2
const limits = { askers: 50, verdicts: 20, timeline: 100 } as const

/** The incident after it. Pure; an event that no longer applies changes nothing. */
export function transition(before: Incident, event: IncidentEvent): Incident {
  const { at } = event
  switch (event.what) {
    case 'asked':
      return asked(before, event)
    case 'check-began':
      return checkBegan(before, at)
    case 'steps':
      return before.check.shown ? { ...before, plan: { ...before.plan, steps: event.steps.slice(0, 6) } } : before
    case 'diagnosed':
      return diagnosed(before, event)
    case 'not-failing': {
      const { pressed: _, ...kept } = before
      const check = checked(before, event.diagnosis?.observations ?? [], event.took)
      const healing = event.diagnosis?.note ?? text`Nothing is left that fails to pull.`
      return noted(
        { ...kept, ...withCheck(before, check), wanted: false, checkedAt: at, healing },
        { at, what: 'healing', detail: healing },
      )
    }
    case 'check-failed': {
      const { pressed: _, ...kept } = before
      const check = { ...before.check, state: 'failed' as const, failure: event.reason }
      const state = before.state === 'checking' ? 'failed' : before.state
      return noted(
        { ...kept, ...withCheck(before, check), state, wanted: false },
        { at, what: 'failed', detail: event.reason },
      )
    }
    case 'counted':
      return { ...before, affected: event.affected, subject: event.subject ?? before.subject }
    case 'ended':
      if (isOver(before)) return before
      return noted(
        { ...before, state: event.how, ended: { at, proof: [...event.proof] } },
        { at, what: entryOf(event.how) },
      )
    case 'joined':
      return noted(
        { ...before, state: 'joined', into: event.into },
        { at, what: 'joined', detail: text`${event.into}` },
      )
    case 'called-wrong':
      return noted(before, { at, what: 'wrong', by: event.by })
  }
}

/** Nothing more is expected of it. */
export function isOver({ state }: Incident): boolean {
  return state !== 'checking' && state !== 'open'
}

function entryOf(how: 'fixed' | 'gone' | 'quiet'): 'fixed' | 'gone' {
  return how === 'gone' ? 'gone' : 'fixed'
}

function asked(before: Incident, { at, by, request }: Extract<IncidentEvent, { what: 'asked' }>): Incident {
  if (before.askers.some((it) => it.request === request)) return before
  const askers = [...before.askers, { user: by, at, request }].slice(-limits.askers)
  const pressed = before.diagnosis && !isOver(before) ? { pressed: { by, at } } : {}
  return noted({ ...before, askers, ...pressed, wanted: true }, { at, what: 'asked', by })
}

function checkBegan(before: Incident, at: string): Incident {
  const { check } = before
  if (check.state === 'running') {
    const again = withCheck(before, { ...check, startedAt: at, interruptedAt: at })
    return noted({ ...before, ...again }, { at, what: 'interrupted' })
  }
  const shown = before.wanted || before.diagnosis === undefined
  const begun: Check = { state: 'running', shown, startedAt: at, looked: 0, unseen: 0 }
  return { ...before, check: begun, ...(shown && { plan: { check: begun, steps: [] } }) }
}

/** The check, and the plan that shows it where people wait for it. */
function withCheck({ plan }: Incident, check: Check): Pick<Incident, 'check' | 'plan'> {
  return { check, plan: check.shown ? { ...plan, check } : plan }
}

function checked({ check }: Incident, observations: readonly Observed[], took: number): Check {
  const unseen = observations.filter(({ known }) => !known).length
  const { failure: _, ...kept } = check
  return { ...kept, state: 'done', took, looked: observations.length, unseen }
}

function diagnosed(before: Incident, event: Extract<IncidentEvent, { what: 'diagnosed' }>): Incident {
  const { at, diagnosis, took } = event
  const [first] = diagnosis.failing
  if (!first || isOver(before)) return before
  const { healing: _, pressed: _pressed, ...kept } = before
  const subject = subjectAfter(before, first, diagnosis.target.node)
  const next: Incident = {
    ...kept,
    state: 'open',
    wanted: false,
    subject,
    place: first.at,
    key: subjectKey(subjectOf(first.verdict.cause, first.at), subject),
    ...withCheck(before, checked(before, diagnosis.observations, took)),
    diagnosis,
    checkedAt: at,
    affected: withWorkload(before.affected, diagnosis),
  }
  return withVerdict(next, first, { at, wanted: before.wanted })
}

/** As the diagnosis read it: with events it knows more than the pod's status alone. */
function subjectAfter({ subject }: Incident, { image, host, at }: ContainerDiagnosis, node: string): Failure {
  return { ...subject, image, host: host ?? subject.host, at, node: node || subject.node }
}

/** Another verdict is a reply of its own, unless it was there before or there are too many of them already. */
function withVerdict(
  next: Incident,
  { verdict }: ContainerDiagnosis,
  { at, wanted }: { readonly at: string; readonly wanted: boolean },
): Incident {
  const { cause, title, confidence } = verdict
  const last = next.verdicts.at(-1)
  if (last?.cause === cause)
    return { ...next, verdicts: [...next.verdicts.slice(0, -1), { ...last, title, confidence }] }
  const verdicts = [...next.verdicts, { at, cause, title, confidence }].slice(-limits.verdicts)
  const entry = { at, what: last ? ('changed' as const) : ('verdict' as const), detail: text`${title}` }
  const again = next.verdicts.some((it) => it.cause === cause)
  const quiet = last !== undefined && !wanted && (again || next.findings > unasked || next.muted !== undefined)
  const counted = quiet ? { flaps: next.flaps + 1 } : { findings: next.findings + 1 }
  return noted({ ...next, verdicts, ...counted }, entry)
}

function noted(incident: Incident, entry: Incident['timeline'][number]): Incident {
  return { ...incident, timeline: [...incident.timeline, entry].slice(-limits.timeline) }
}
