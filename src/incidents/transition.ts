import type { ContainerDiagnosis, Diagnosis, Observed } from '../playbooks/image-pull/model.ts'
import type { PlanStep } from '../playbooks/image-pull/progress.ts'
import { counted, type Text, text } from '../text.ts'
import type { AlertPost } from './alerts/alert.ts'
import type { Failure } from './failure.ts'
import { noneAffected, withWorkload } from './impact.ts'
import type { Affected, AffectedWorkload, Check, Incident } from './incident.ts'
import { toSubjectKey, toSubjectKind } from './key.ts'

/** An event in the life of an incident. `at`: RFC 3339. */
export type IncidentEvent = { readonly at: string } & (
  | { readonly what: 'asked'; readonly by: string; readonly request: string }
  /** A check began. If one was running, its worker was stopped. */
  | { readonly what: 'check-began' }
  | { readonly what: 'steps'; readonly steps: readonly PlanStep[] }
  | { readonly what: 'diagnosed'; readonly diagnosis: Diagnosis; readonly took: number }
  /** `diagnosis` undefined: the subject is gone. */
  | { readonly what: 'not-failing'; readonly diagnosis: Diagnosis | undefined; readonly took: number }
  | { readonly what: 'check-failed'; readonly reason: Text }
  /** `subject`: the new subject, if the old one no longer fails and this one does. */
  | { readonly what: 'counted'; readonly affected: Affected; readonly subject?: Failure }
  /** The alerts about it changed. `channels`: the channels that are notified. */
  | {
      readonly what: 'alerts-changed'
      readonly firing: number
      readonly posts: readonly AlertPost[]
      readonly channels: readonly string[]
    }
  /** The incident is announced now. */
  | { readonly what: 'announced' }
  | { readonly what: 'ended'; readonly how: Ending['how']; readonly proof: readonly Text[] }
  /** It had ended, and the same thing fails again. */
  | { readonly what: 'reopened'; readonly failure: Failure; readonly announce?: Incident['announce'] }
  | { readonly what: 'joined'; readonly into: string }
  | { readonly what: 'called-wrong'; readonly by: string }
)

/** The number of replies with findings that nobody asked for, beside the first. */
const unasked = 2
const limits = { askers: 50, verdicts: 20, timeline: 100, posts: 20, echoes: 20 } as const

/** Returns the incident after an event. Pure. An event that no longer applies changes nothing. */
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
      const healingSince = before.healingSince ?? at
      return withEntry(
        { ...kept, ...withCheck(before, check), wanted: false, checkedAt: at, healing, healingSince },
        { at, what: 'healing', detail: healing },
      )
    }
    case 'check-failed': {
      const { pressed: _, ...kept } = before
      const check = { ...before.check, state: 'failed' as const, failure: event.reason }
      const state = before.state === 'checking' ? 'failed' : before.state
      return withEntry(
        { ...kept, ...withCheck(before, check), state, wanted: false },
        { at, what: 'failed', detail: event.reason },
      )
    }
    case 'counted':
      return { ...before, affected: event.affected, subject: event.subject ?? before.subject }
    case 'alerts-changed':
      return alertsChanged(before, event)
    case 'announced': {
      const { announce: _, ...announced } = before
      return announced
    }
    case 'ended':
      if (isOver(before)) return before
      return withEntry(
        { ...before, state: before.announce ? 'quiet' : event.how, ended: { at, proof: [...event.proof] } },
        { at, what: event.how },
      )
    case 'reopened':
      return isOver(before) ? reopened(before, event) : before
    case 'joined':
      return withEntry(
        { ...before, state: 'joined', into: event.into },
        { at, what: 'joined', detail: text`${event.into}` },
      )
    case 'called-wrong':
      return withEntry(before, { at, what: 'wrong', by: event.by })
  }
}

/** Tells whether an incident has ended. */
export function isOver({ state }: Pick<Incident, 'state'>): boolean {
  return state !== 'checking' && state !== 'open'
}

function asked(before: Incident, { at, by, request }: Extract<IncidentEvent, { what: 'asked' }>): Incident {
  if (before.askers.some((it) => it.request === request)) return before
  const askers = [...before.askers, { user: by, at, request }].slice(-limits.askers)
  const pressed = before.diagnosis && !isOver(before) ? { pressed: { by, at } } : {}
  const { announce: _, ...announced } = before
  return withEntry({ ...announced, askers, ...pressed, wanted: true }, { at, what: 'asked', by })
}

function alertsChanged(
  before: Incident,
  { at, firing, posts, channels }: Extract<IncidentEvent, { what: 'alerts-changed' }>,
): Incident {
  const first = before.alertsFiring === undefined
  if (first && firing === 0 && posts.length === 0 && channels.length === 0) return before
  const all = new Map([...before.posts, ...posts].map((post) => [`${post.channel} ${post.ts}`, post]))
  const echoes = new Set([...before.echoes, ...channels])
  // A post is answered in its own thread, so its channel needs no echo.
  for (const { channel } of [before, ...all.values()]) if (!before.echoes.includes(channel)) echoes.delete(channel)
  const next: Incident = {
    ...before,
    alertsFiring: firing,
    posts: [...all.values()].slice(0, limits.posts),
    echoes: [...echoes].slice(0, limits.echoes),
  }
  return first ? withEntry(next, { at, what: 'alerted' }) : next
}

/** The incident keeps its thread, and gets new findings. */
function reopened(before: Incident, { at, failure, announce }: Extract<IncidentEvent, { what: 'reopened' }>): Incident {
  const { ended: _, healing: _healing, healingSince: _since, diagnosis: _diagnosis, ...rest } = before
  const { pressed: _pressed, alertsFiring: _firing, ...kept } = rest
  const again: Incident = {
    ...kept,
    ...(announce && { announce }),
    state: 'checking',
    subject: failure,
    place: failure.at,
    since: failure.since || at,
    openedAt: at,
    verdicts: [],
    flaps: 0,
    affected: noneAffected,
    again: before.again + 1,
  }
  return withEntry(again, { at, what: 'again' })
}

function checkBegan(before: Incident, at: string): Incident {
  const { check } = before
  if (check.state === 'running') {
    const again = withCheck(before, { ...check, startedAt: at, interruptedAt: at })
    return withEntry({ ...before, ...again }, { at, what: 'interrupted' })
  }
  const shown = before.wanted || before.diagnosis === undefined
  const begun: Check = { state: 'running', shown, startedAt: at, looked: 0, unseen: 0 }
  return { ...before, check: begun, ...(shown && { plan: { check: begun, steps: [] } }) }
}

/** Returns the check, and the plan that shows it if people wait for it. */
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
  const { healing: _, healingSince: _since, pressed: _pressed, ...kept } = before
  const subject = subjectAfter(before, first, diagnosis.target.node)
  const about = toSubjectKind(first.verdict.cause, first.at)
  const next: Incident = {
    ...kept,
    state: 'open',
    wanted: false,
    subject,
    place: first.at,
    key: toSubjectKey(about, subject),
    about,
    ...withCheck(before, checked(before, diagnosis.observations, took)),
    diagnosis,
    checkedAt: at,
    affected: withWorkload(before.affected, diagnosis),
  }
  return withVerdict(next, first, { at, wanted: before.wanted })
}

/** Returns the subject as the diagnosis read it: with events it knows more than the pod's status says. */
function subjectAfter({ subject }: Incident, { image, host, at }: ContainerDiagnosis, node: string): Failure {
  return { ...subject, image, host: host ?? subject.host, at, node: node || subject.node }
}

/** A new verdict gets a reply of its own, unless it was there before or there are too many already. */
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
  const quiet = last !== undefined && !wanted && (again || next.verdicts.length > unasked || next.muted !== undefined)
  const counted = quiet ? { flaps: next.flaps + 1 } : { findings: next.findings + 1 }
  return withEntry({ ...next, verdicts, ...counted }, entry)
}

function withEntry(incident: Incident, entry: Incident['timeline'][number]): Incident {
  return { ...incident, timeline: [...incident.timeline, entry].slice(-limits.timeline) }
}

export interface Ending {
  readonly how: 'fixed' | 'gone' | 'elsewhere'
  /** Sentences about what was verified. */
  readonly proof: readonly Text[]
}

/** Milliseconds that pods may take to become ready after they pulled their images. After that, something else is wrong. */
const patience = 10 * 60_000

/**
 * Finds out whether an incident has ended, after a check that found no failure: every workload of it is ready, or gone,
 * or pulled its images long ago. A workload that is gone is not fixed, and neither is one that is not ready. @param
 * diagnosis undefined: the subject is gone. @returns undefined: it has not ended yet.
 */
export function findEnding(incident: Incident, diagnosis: Diagnosis | undefined, now: Date): Ending | undefined {
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
  if (recovered.length === 0) return { how: 'gone', proof: [describeGone(own ?? subject.workload, diagnosis)] }
  if (own?.state === 'recovered' && !diagnosis?.healthy) return undefined
  return {
    how: 'fixed',
    proof: [describeRecovered(recovered), ...(diagnosis?.healthy ? describePulled(diagnosis) : [])],
  }
}

function elsewhere({ note, route }: Diagnosis): Ending {
  const proof = note ?? text`Its images are pulled.`
  return { how: 'elsewhere', proof: route?.playbook ? [proof, text`Its playbook is ${route.playbook}.`] : [proof] }
}

function describeRecovered([first, ...others]: readonly AffectedWorkload[]): Text {
  if (!first) return text``
  const { kind, name, ready, desired } = first
  const rest = others.length > 0 ? text`, and ${counted(others.length, 'other workload')} too` : text``
  const count = desired > 0 ? text`: ${ready} of ${desired} ready for a minute` : text` runs`
  return text`${kind} ${name}${count}${rest}`
}

function describePulled({ target: { pod, image } }: Diagnosis): readonly Text[] {
  return pod && image ? [text`pod ${pod} has pulled ${image}`] : []
}

function describeGone(
  { kind, name }: { readonly kind: string; readonly name: string },
  diagnosis: Diagnosis | undefined,
): Text {
  return diagnosis?.note ?? text`${kind} ${name} is deleted`
}
