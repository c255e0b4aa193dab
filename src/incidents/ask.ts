import { ClusterError } from '../kubernetes/errors.ts'
import type { Pod } from '../kubernetes/resources.ts'
import { diagnose } from '../playbooks/image-pull/diagnose.ts'
import { diagnoseOwner } from '../playbooks/image-pull/diagnose-owner.ts'
import type { Diagnosis } from '../playbooks/image-pull/model.ts'
import { locateTarget } from '../target/locate.ts'
import { parseTarget, type Target } from '../target/parse.ts'
import { isPullWaiting } from '../target/pods.ts'
import { type Located, type Look, lookFor } from '../target/target.ts'
import { type Text, text } from '../text.ts'
import { type Failure, type FailureRow, toDiagnosedFailure, toFailure, toFailureRows } from './failure.ts'
import type { Incident } from './incident.ts'
import type { IncidentWorld } from './incident-world.ts'
import { beginIncident, newIncident } from './open.ts'
import { transition } from './transition.ts'
import type { WatchedCluster } from './watched-cluster.ts'

/** What somebody wants to know, and what the place where they ask may know. */
export interface Question {
  /** As it was typed: a target, or nothing. */
  readonly typed: string
  readonly user: string
  /** The same for all tries of one question. */
  readonly request: string
  readonly channel: string
  /** The id of the incident that it may begin: chosen once, so that a second try begins no other. */
  readonly incident: string
  /** The answer goes to this person alone: nothing is begun. */
  readonly privately: boolean
  /** What may be known: a cluster and a namespace that one and the same scope names. */
  readonly scopes: readonly Scope[]
}

/** Names of clusters, and namespaces of each of them, or `*` for all. */
export interface Scope {
  readonly clusters: readonly string[]
  readonly namespaces: readonly string[]
}

/** A target in one cluster that may have been meant. */
export interface Candidate {
  readonly cluster: string
  readonly target: string
}

/** A cluster that did not answer. */
export interface Silent {
  readonly cluster: string
  readonly reason: Text
}

export type Answer =
  | { readonly answer: 'opened'; readonly incident: Incident }
  | { readonly answer: 'open-already'; readonly incident: Incident }
  /** An incident that is nobody's but of the one who asked, and is not kept. */
  | { readonly answer: 'verdict'; readonly incident: Incident }
  | { readonly answer: 'not-failing'; readonly diagnosis: Diagnosis; readonly note: Text }
  | { readonly answer: 'overview'; readonly overview: readonly Overview[]; readonly silent: readonly Silent[] }
  | { readonly answer: 'invalid'; readonly reason: string }
  | { readonly answer: 'unknown-cluster'; readonly named: string }
  /** `namespace`: as it was typed. Absent: what was typed is only where the place may not know. */
  | { readonly answer: 'hidden-namespace'; readonly namespace?: string }
  | {
      readonly answer: 'not-found'
      readonly name: string
      readonly clusters: readonly string[]
      readonly candidates: readonly Candidate[]
      readonly unseen: readonly string[]
      readonly silent: readonly Silent[]
    }
  | { readonly answer: 'several'; readonly candidates: readonly Candidate[]; readonly silent: readonly Silent[] }
  /** No cluster could be asked at all. */
  | { readonly answer: 'silent'; readonly silent: readonly Silent[] }

/** Milliseconds for one cluster to say where a target is, and for a diagnosis before there is a thread. */
const limits = { locate: 5_000, diagnose: 20_000 } as const

/** Finds out what a question is about, and begins or joins an incident where something fails to pull. */
export async function ask(world: IncidentWorld, question: Question, signal: AbortSignal): Promise<Answer> {
  const watched = clustersOf(question).flatMap((name) => world.clusters.get(name) ?? [])
  if (question.typed.trim() === '') return overview(watched, question, signal)
  const parsed = parseTarget(question.typed, clustersOf(question))
  if (!parsed.valid) return { answer: 'invalid', reason: parsed.reason }
  const { target, others = [] } = parsed
  const asked = target.context ? watched.filter(({ name }) => name === target.context) : watched
  if (asked.length === 0) return { answer: 'unknown-cluster', named: target.context ?? '' }
  const { namespace } = target
  const allowed = namespace ? asked.filter(({ name }) => mayKnow(question, name, namespace)) : asked
  if (namespace && allowed.length === 0) return { answer: 'hidden-namespace', namespace }
  const wanted = allowed.flatMap((cluster) => [target, ...others].map((it) => ({ cluster, target: it })))
  const known = wanted.filter((it) => !it.target.namespace || mayKnow(question, it.cluster.name, it.target.namespace))
  const looks = await Promise.all(known.map((it) => locate(it.cluster, it.target, signal)))
  return judge(world, question, target, looks, signal)
}

/** Each cluster of which anything may be known, once. */
export function clustersOf({ scopes }: Pick<Question, 'scopes'>): readonly string[] {
  return [...new Set(scopes.flatMap(({ clusters }) => clusters))]
}

/** The namespaces of one cluster that may be known; `*`: all. */
function namespacesIn({ scopes }: Question, cluster: string): readonly string[] {
  const own = scopes.filter(({ clusters }) => clusters.includes(cluster)).flatMap(({ namespaces }) => namespaces)
  return own.includes('*') ? ['*'] : [...new Set(own)]
}

function mayKnow(question: Question, cluster: string, namespace: string): boolean {
  const known = namespacesIn(question, cluster)
  return known.includes('*') || known.includes(namespace)
}

type Finding = { readonly watched: WatchedCluster } & (
  | { readonly located: Located }
  | { readonly located?: never; readonly silent: Silent }
)

async function locate(watched: WatchedCluster, target: Target, signal: AbortSignal): Promise<Finding> {
  try {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(limits.locate)])
    return { watched, located: await locateTarget(watched.cluster, target, limited) }
  } catch (error) {
    if (signal.aborted || !(error instanceof ClusterError)) throw error
    const reason =
      error.code === 'aborted' ? text`did not answer in ${limits.locate / 1_000} s` : text`${error.message}`
    return { watched, silent: { cluster: watched.name, reason } }
  }
}

async function judge(
  world: IncidentWorld,
  question: Question,
  target: Target,
  looks: readonly Finding[],
  signal: AbortSignal,
): Promise<Answer> {
  const failed = looks.flatMap((look) => (look.located ? [] : [look.silent]))
  const silent = [...new Map(failed.map((it) => [it.cluster, it])).values()]
  if (failed.length === looks.length) return { answer: 'silent', silent }
  const seen = looks.flatMap((look) => (look.located ? [look] : []))
  const anywhere = seen.flatMap(({ watched, located }) => (located.found === 'none' ? [] : [{ watched, located }]))
  const found = anywhere.filter((it) => candidatesOf(question, it).length > 0)
  const [only, another] = found
  if (!only) return anywhere.length > 0 ? { answer: 'hidden-namespace' } : notFound(question, target, seen, silent)
  if (another) return { answer: 'several', candidates: found.flatMap((it) => candidatesOf(question, it)), silent }
  const { watched, located } = only
  if (located.found === 'several') return { answer: 'several', candidates: candidatesOf(question, only), silent }
  return about(world, question, watched, located, signal)
}

type Seen = Finding & { readonly located: Located }

function notFound(
  question: Question,
  { name, namespace }: Target,
  seen: readonly Seen[],
  silent: readonly Silent[],
): Answer {
  const unseen = seen.flatMap(({ watched, located }) => {
    const hidden = located.found === 'none' ? located.unseen : []
    // It names namespaces, which not every place may know.
    const nameable = namespace !== undefined || namespacesIn(question, watched.name).includes('*')
    return nameable || hidden.length === 0 ? hidden : ['some namespaces']
  })
  return {
    answer: 'not-found',
    name,
    clusters: [...new Set(seen.map(({ watched }) => watched.name))],
    candidates: seen.flatMap((it) => candidatesOf(question, it)),
    unseen: [...new Set(unseen)],
    silent,
  }
}

/** Only of namespaces that the place may know. */
function candidatesOf(
  question: Question,
  { watched, located }: Pick<Seen, 'watched' | 'located'>,
): readonly Candidate[] {
  const targets = targetsOf(located)
  const known = targets.filter((target) => mayKnow(question, watched.name, target.split('/')[0] ?? ''))
  return known.map((target) => ({ cluster: watched.name, target }))
}

function targetsOf(located: Located): readonly string[] {
  if (located.found === 'pods') return [`${located.pods[0].metadata.namespace}/${located.pods[0].metadata.name}`]
  if (located.found === 'owner')
    return [`${located.owner.metadata.namespace}/${located.kind.replace(/s$/, '')}/${located.owner.metadata.name}`]
  return located.candidates
}

async function about(
  world: IncidentWorld,
  question: Question,
  watched: WatchedCluster,
  located: Extract<Located, { found: 'pods' | 'owner' }>,
  signal: AbortSignal,
): Promise<Answer> {
  const [pod] = located.found === 'pods' ? located.pods : []
  const failure = pod && toFailure(watched.name, pod, world.now())
  if (failure && !question.privately) return beginIncident(world, question, failure)
  const shared = {
    ...watched.openDiagnosis(),
    signal: AbortSignal.any([signal, AbortSignal.timeout(limits.diagnose)]),
    defect: world.defect,
  }
  const diagnosis =
    located.found === 'pods'
      ? await diagnose(located.pods[0], shared)
      : await diagnoseOwner(located.kind, located.owner, shared)
  const failing = toDiagnosedFailure(diagnosis, pod, world.now())
  if (failing)
    return question.privately
      ? privateVerdict(world, question, failing, diagnosis)
      : beginIncident(world, question, failing)
  const note = located.found === 'pods' ? located.note : undefined
  const said = diagnosis.note ?? text`Nothing fails to pull.`
  return { answer: 'not-failing', diagnosis, note: note ? text`${note} ${said}` : said }
}

function privateVerdict(
  world: IncidentWorld,
  { incident: id, channel }: Question,
  failure: Failure,
  diagnosis: Diagnosis,
): Answer {
  const at = world.now().toISOString()
  const event = { what: 'diagnosed', at, diagnosis, took: 0 } as const
  return { answer: 'verdict', incident: transition(newIncident({ id, channel, failure, at }), event) }
}

async function overview(watched: readonly WatchedCluster[], question: Question, signal: AbortSignal): Promise<Answer> {
  const looks = await Promise.all(
    watched.map((it) => overviewOf(it, namespacesIn(question, it.name), signal, limits.locate)),
  )
  const seen = looks.flatMap((look) => ('rows' in look ? [look] : []))
  const silent = looks.flatMap((look) => ('rows' in look ? [] : [look]))
  return seen.length > 0 || silent.length === 0
    ? { answer: 'overview', overview: seen, silent }
    : { answer: 'silent', silent }
}

/** What cannot pull in one cluster now: rows by registry and image, never by pod. */
export interface Overview {
  readonly cluster: string
  readonly rows: readonly FailureRow[]
  /** All pods and namespaces, as far as they could be counted. */
  readonly pods?: number
  readonly namespaces?: number
  /** What could not be looked at: "pods in shop". */
  readonly unseen: readonly string[]
}

const podLimit = 5_000

/** @param time Milliseconds for the cluster to answer. */
async function overviewOf(
  watched: WatchedCluster,
  namespaces: readonly string[],
  signal: AbortSignal,
  time: number,
): Promise<Overview | Silent> {
  try {
    return await look(watched, namespaces, AbortSignal.any([signal, AbortSignal.timeout(time)]))
  } catch (error) {
    if (signal.aborted || !(error instanceof ClusterError)) throw error
    return { cluster: watched.name, reason: text`${error.message}` }
  }
}

async function look(watched: WatchedCluster, allowed: readonly string[], signal: AbortSignal): Promise<Overview> {
  const { cluster, name } = watched
  const some = allowed.includes('*') ? watched.namespaces : allowed
  const pending = { fields: { 'status.phase': 'Pending' }, limit: podLimit }
  const places = some.length > 0 ? some.map((namespace) => ({ ...pending, namespace })) : [pending]
  const [looks, counts] = await Promise.all([
    Promise.all(places.map((where) => lookFor(cluster, 'pods', where, signal))),
    some.length > 0 ? {} : countsOf(watched, signal),
  ])
  const refusal = looks.every((it) => it.refusal) ? looks[0]?.refusal : undefined
  if (refusal) throw refusal
  const pods = looks.flatMap(({ items }: Look<Pod>) => items).filter(isPullWaiting)
  const failures = pods.flatMap((pod) => toFailure(name, pod, new Date()) ?? [])
  return {
    cluster: name,
    rows: toFailureRows(failures),
    ...counts,
    unseen: [...new Set(looks.flatMap((it) => it.unseen))],
  }
}

/** Lists of one item: the server says how many more there are. */
async function countsOf(
  { cluster }: WatchedCluster,
  signal: AbortSignal,
): Promise<Pick<Overview, 'pods' | 'namespaces'>> {
  async function count(resource: 'pods' | 'namespaces'): Promise<number | undefined> {
    const seen = await cluster.list(resource, { limit: 1 }, signal).catch(() => undefined)
    if (!seen || (!seen.complete && seen.more === undefined)) return undefined
    return seen.items.length + (seen.more ?? 0)
  }
  const [pods, namespaces] = await Promise.all([count('pods'), count('namespaces')])
  return { ...(pods !== undefined && { pods }), ...(namespaces !== undefined && { namespaces }) }
}
