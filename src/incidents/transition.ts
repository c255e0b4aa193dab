import type { ContainerDiagnosis, Diagnosis, Observed } from '../playbooks/image-pull/model.ts'
import type { PlanStep } from '../playbooks/image-pull/progress.ts'
import { counted, type Text, text } from '../text.ts'
import type { AlertPost } from './alerts/alert.ts'
import type { Failure } from './failure.ts'
import { nobody, withWorkload } from './impact.ts'
import type { Affected, AffectedWorkload, Check, Incident } from './incident.ts'
import { toSubjectKey, toSubjectKind } from './key.ts'

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
  /** What alerts tell of it now. `channels`: those that want to know. */
  | {
      readonly what: 'alerts-changed'
      readonly firing: number
      readonly posts: readonly AlertPost[]
      readonly channels: readonly string[]
    }
  /** Whoever is to be told is told from now on. */
  | { readonly what: 'announced' }
  | { readonly what: 'ended'; readonly how: Ending['how']; readonly proof: readonly Text[] }
  /** It was over, and this fails. */
  | { readonly what: 'reopened'; readonly failure: Failure; readonly announce?: Incident['announce'] }
  | { readonly what: 'joined'; readonly into: string }
  | { readonly what: 'called-wrong'; readonly by: string }
)

/** Replies with findings that nobody asked for, beside the first. */
const unasked = 2
const limits = { askers: 50, verdicts: 20, timeline: 100, posts: 20, echoes: 20 } as const

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
      const healingSince = before.healingSince ?? at
      return noted(
        { ...kept, ...withCheck(before, check), wanted: false, checkedAt: at, healing, healingSince },
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
    case 'alerts-changed':
      return alertsChanged(before, event)
    case 'announced': {
      const { announce: _, ...told } = before
      return told
    }
    case 'ended':
      if (isOver(before)) return before
      return noted(
        { ...before, state: before.announce ? 'quiet' : event.how, ended: { at, proof: [...event.proof] } },
        { at, what: event.how },
      )
    case 'reopened':
      return isOver(before) ? reopened(before, event) : before
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
export function isOver({ state }: Pick<Incident, 'state'>): boolean {
  return state !== 'checking' && state !== 'open'
}

function asked(before: Incident, { at, by, request }: Extract<IncidentEvent, { what: 'asked' }>): Incident {
  if (before.askers.some((it) => it.request === request)) return before
  const askers = [...before.askers, { user: by, at, request }].slice(-limits.askers)
  const pressed = before.diagnosis && !isOver(before) ? { pressed: { by, at } } : {}
  const { announce: _, ...told } = before
  return noted({ ...told, askers, ...pressed, wanted: true }, { at, what: 'asked', by })
}

function alertsChanged(
  before: Incident,
  { at, firing, posts, channels }: Extract<IncidentEvent, { what: 'alerts-changed' }>,
): Incident {
  const first = before.alertsFiring === undefined
  if (first && firing === 0 && posts.length === 0 && channels.length === 0) return before
  const all = new Map([...before.posts, ...posts].map((post) => [`${post.channel} ${post.ts}`, post]))
  const echoes = new Set([...before.echoes, ...channels])
  // A post in a channel is answered in its thread, and needs no other word there.
  for (const { channel } of [before, ...all.values()]) if (!before.echoes.includes(channel)) echoes.delete(channel)
  const next: Incident = {
    ...before,
    alertsFiring: firing,
    posts: [...all.values()].slice(0, limits.posts),
    echoes: [...echoes].slice(0, limits.echoes),
  }
  return first ? noted(next, { at, what: 'alerted' }) : next
}

/** The thread is the old one; the findings will be new ones. */
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
    affected: nobody,
    again: before.again + 1,
  }
  return noted(again, { at, what: 'again' })
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
  const quiet = last !== undefined && !wanted && (again || next.verdicts.length > unasked || next.muted !== undefined)
  const counted = quiet ? { flaps: next.flaps + 1 } : { findings: next.findings + 1 }
  return noted({ ...next, verdicts, ...counted }, entry)
}

function noted(incident: Incident, entry: Incident['timeline'][number]): Incident {
  return { ...incident, timeline: [...incident.timeline, entry].slice(-limits.timeline) }
}

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
