import { ClusterError } from '../../kubernetes/errors.ts'
import { diagnose, type World } from '../../playbooks/image-pull/diagnose.ts'
import { diagnoseOwner } from '../../playbooks/image-pull/diagnose-owner.ts'
import type { Diagnosis } from '../../playbooks/image-pull/model.ts'
import { locateTarget } from '../../target/locate.ts'
import { parseTarget, type Target } from '../../target/parse.ts'
import type { Located } from '../../target/target.ts'
import { type Text, text } from '../../text.ts'
import { type Failure, toDiagnosedFailure, toFailure } from '../failure.ts'
import type { Incident } from '../incident.ts'
import { type IncidentOpener, newIncident } from '../open.ts'
import { transition } from '../transition.ts'
import { type WatchedCluster, type WatchedClusters, withDiagnosis } from '../watched-cluster.ts'
import { type Overview, readOverview, type SilentCluster } from './overview.ts'
import { clustersIn, isInScope, namespacesIn, type Scope } from './scope.ts'

/** What a person asks, and what the place of the question may know. */
export interface Question {
  /** As it was typed: a target, or nothing. */
  readonly typed: string
  readonly user: string
  /** The same for all tries of one question. */
  readonly request: string
  readonly channel: string
  /** The id of the incident that the question may open. It is chosen once, so that a second try opens no other. */
  readonly incident: string
  /** Only this person gets the answer, and no incident is opened. */
  readonly privately: boolean
  readonly scopes: readonly Scope[]
}

/** A target in one cluster that may have been meant. */
export interface Candidate {
  readonly cluster: string
  readonly target: string
}

export type Answer =
  | { readonly answer: 'opened'; readonly incident: Incident }
  | { readonly answer: 'open-already'; readonly incident: Incident }
  /** An incident for the one person who asked. It is not stored. */
  | { readonly answer: 'verdict'; readonly incident: Incident }
  | { readonly answer: 'not-failing'; readonly diagnosis: Diagnosis; readonly note: Text }
  | { readonly answer: 'overview'; readonly overview: readonly Overview[]; readonly silent: readonly SilentCluster[] }
  | { readonly answer: 'invalid'; readonly reason: string }
  | { readonly answer: 'unknown-cluster'; readonly named: string }
  /** `namespace`: as it was typed. Absent: the target exists only in namespaces that the place may not know. */
  | { readonly answer: 'hidden-namespace'; readonly namespace?: string }
  | {
      readonly answer: 'not-found'
      readonly name: string
      readonly clusters: readonly string[]
      readonly candidates: readonly Candidate[]
      readonly unseen: readonly string[]
      readonly silent: readonly SilentCluster[]
    }
  | { readonly answer: 'several'; readonly candidates: readonly Candidate[]; readonly silent: readonly SilentCluster[] }
  /** No cluster answered. */
  | { readonly answer: 'silent'; readonly silent: readonly SilentCluster[] }

/** Milliseconds for one cluster to find a target, and for a diagnosis before there is a thread. */
const limits = { locate: 5_000, diagnose: 20_000 } as const

export interface AskingOptions {
  readonly clusters: WatchedClusters
  readonly opener: Pick<IncidentOpener, 'openFor'>
  readonly now: () => Date
  readonly onDefect: World['defect']
}

/** Finds out what a question is about, and opens or joins an incident if something fails to pull. Throws ClusterError, StoreError. */
export type Ask = (question: Question, signal: AbortSignal) => Promise<Answer>

export function createAsking(options: AskingOptions): Ask {
  return (question, signal) => ask(options, question, signal)
}

async function ask(options: AskingOptions, question: Question, signal: AbortSignal): Promise<Answer> {
  const { scopes } = question
  const names = clustersIn(scopes)
  const watched = names.flatMap((name) => options.clusters.get(name) ?? [])
  if (question.typed.trim() === '') return readOverviews(watched, scopes, signal)
  const parsed = parseTarget(question.typed, names)
  if (!parsed.valid) return { answer: 'invalid', reason: parsed.reason }
  const { target, others = [] } = parsed
  const asked = target.context ? watched.filter(({ name }) => name === target.context) : watched
  if (asked.length === 0) return { answer: 'unknown-cluster', named: target.context ?? '' }
  const { namespace } = target
  const allowed = namespace ? asked.filter(({ name }) => isInScope(scopes, name, namespace)) : asked
  if (namespace && allowed.length === 0) return { answer: 'hidden-namespace', namespace }
  const all = allowed.flatMap((cluster) => [target, ...others].map((it) => ({ cluster, target: it })))
  const known = all.filter((it) => !it.target.namespace || isInScope(scopes, it.cluster.name, it.target.namespace))
  const findings = await Promise.all(known.map((it) => locate(it.cluster, it.target, signal)))
  return answerFor(options, question, target, findings, signal)
}

async function readOverviews(
  watched: readonly WatchedCluster[],
  scopes: readonly Scope[],
  signal: AbortSignal,
): Promise<Answer> {
  const all = await Promise.all(
    watched.map((it) => readOverview(it, namespacesIn(scopes, it.name), limits.locate, signal)),
  )
  const overview = all.flatMap((it) => ('rows' in it ? [it] : []))
  const silent = all.flatMap((it) => ('rows' in it ? [] : [it]))
  return overview.length > 0 || silent.length === 0
    ? { answer: 'overview', overview, silent }
    : { answer: 'silent', silent }
}

interface Found {
  readonly watched: WatchedCluster
  readonly located: Located
}

type Finding = Found | { readonly silent: SilentCluster }

async function locate(watched: WatchedCluster, target: Target, signal: AbortSignal): Promise<Finding> {
  try {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(limits.locate)])
    return { watched, located: await locateTarget(watched.cluster, target, limited) }
  } catch (error) {
    if (signal.aborted || !(error instanceof ClusterError)) throw error
    const reason =
      error.code === 'aborted' ? text`did not answer in ${limits.locate / 1_000} s` : text`${error.message}`
    return { silent: { cluster: watched.name, reason } }
  }
}

async function answerFor(
  options: AskingOptions,
  question: Question,
  target: Target,
  findings: readonly Finding[],
  signal: AbortSignal,
): Promise<Answer> {
  const { scopes } = question
  const unanswered = findings.flatMap((it) => ('silent' in it ? [it.silent] : []))
  const silent = [...new Map(unanswered.map((it) => [it.cluster, it])).values()]
  if (unanswered.length === findings.length) return { answer: 'silent', silent }
  const searched = findings.flatMap((it) => ('silent' in it ? [] : [it]))
  const anywhere = searched.filter(({ located }) => located.found !== 'none')
  const found = anywhere.filter((it) => listCandidates(scopes, it).length > 0)
  const [only, another] = found
  if (!only) return anywhere.length > 0 ? { answer: 'hidden-namespace' } : notFound(scopes, target, searched, silent)
  if (another) return { answer: 'several', candidates: found.flatMap((it) => listCandidates(scopes, it)), silent }
  const { watched, located } = only
  if (located.found === 'pods' || located.found === 'owner')
    return diagnoseLocated(options, question, watched, located, signal)
  return { answer: 'several', candidates: listCandidates(scopes, only), silent }
}

function notFound(
  scopes: readonly Scope[],
  { name, namespace }: Target,
  searched: readonly Found[],
  silent: readonly SilentCluster[],
): Answer {
  const unseen = searched.flatMap(({ watched, located }) => {
    const hidden = located.found === 'none' ? located.unseen : []
    // It names namespaces, which not every place may know.
    const nameable = namespace !== undefined || namespacesIn(scopes, watched.name).includes('*')
    return nameable || hidden.length === 0 ? hidden : ['some namespaces']
  })
  return {
    answer: 'not-found',
    name,
    clusters: [...new Set(searched.map(({ watched }) => watched.name))],
    candidates: searched.flatMap((it) => listCandidates(scopes, it)),
    unseen: [...new Set(unseen)],
    silent,
  }
}

/** Lists the found targets in namespaces that the place may know. */
function listCandidates(scopes: readonly Scope[], { watched, located }: Found): readonly Candidate[] {
  const known = toTargets(located).filter((target) => isInScope(scopes, watched.name, target.split('/')[0] ?? ''))
  return known.map((target) => ({ cluster: watched.name, target }))
}

function toTargets(located: Located): readonly string[] {
  if (located.found === 'pods') return [`${located.pods[0].metadata.namespace}/${located.pods[0].metadata.name}`]
  if (located.found === 'owner')
    return [`${located.owner.metadata.namespace}/${located.kind.replace(/s$/, '')}/${located.owner.metadata.name}`]
  return located.candidates
}

async function diagnoseLocated(
  { opener, now, onDefect }: AskingOptions,
  question: Question,
  watched: WatchedCluster,
  located: Extract<Located, { found: 'pods' | 'owner' }>,
  signal: AbortSignal,
): Promise<Answer> {
  const [pod] = located.found === 'pods' ? located.pods : []
  const failure = pod && toFailure(watched.name, pod, now())
  if (failure && !question.privately) return opener.openFor(question, failure)
  const limited = AbortSignal.any([signal, AbortSignal.timeout(limits.diagnose)])
  const diagnosis = await withDiagnosis(watched, 'new', (opened) => {
    const world = { ...opened, signal: limited, defect: onDefect }
    return located.found === 'pods'
      ? diagnose(located.pods[0], world)
      : diagnoseOwner(located.kind, located.owner, world)
  })
  const failing = toDiagnosedFailure(diagnosis, pod, now())
  if (failing)
    return question.privately
      ? privateVerdict(question, failing, diagnosis, now().toISOString())
      : opener.openFor(question, failing)
  const note = located.found === 'pods' ? located.note : undefined
  const healthy = diagnosis.note ?? text`Nothing fails to pull.`
  return { answer: 'not-failing', diagnosis, note: note ? text`${note} ${healthy}` : healthy }
}

function privateVerdict(
  { incident: id, channel }: Question,
  failure: Failure,
  diagnosis: Diagnosis,
  at: string,
): Answer {
  const event = { what: 'diagnosed', at, diagnosis, took: 0 } as const
  return { answer: 'verdict', incident: transition(newIncident({ id, channel, failure, at }), event) }
}
