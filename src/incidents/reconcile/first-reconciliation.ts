import { z } from 'zod'
import type { Queue } from '../../queue/queue.ts'
import { type Records, records } from '../../store/records.ts'
import type { Store } from '../../store/store.ts'
import type { Alert } from '../alerts/alert.ts'
import { stillFiring } from '../alerts/records.ts'
import type { Routes } from '../alerts/routes.ts'
import { findNotifications } from '../alerts/routing.ts'
import type { Failure } from '../failure.ts'
import { toWorkloadKey, workloadObjects } from '../impact.ts'
import type { Incident } from '../incident.ts'
import { toSubjectKey, toSubjectKind } from '../key.ts'
import type { WatchedCluster } from '../watched-cluster.ts'
import type { MatchedSnapshot } from './snapshot.ts'
import { summarise } from './summary.ts'

const version = 1
const schema = z.object({
  version: z.literal(version),
  /** The failures that existed at the first reconciliation and have lasted ever since. */
  known: z.array(z.string()),
  /** When that was. Absent: an earlier version of this program wrote the record. */
  at: z.iso.datetime().optional(),
})
type FirstRecord = z.infer<typeof schema>

/** Up to this many incidents are announced one by one at the first start, and one post is answered with at most this many. */
const few = 3
const mostKnown = 5_000

/** The failures of one reconciliation that are a part of no open incident, and what else it saw. */
export interface Unassigned {
  readonly failures: readonly Failure[]
  readonly snapshot: MatchedSnapshot
  readonly open: readonly Incident[]
}

/** What is known from the first reconciliation of one cluster. */
export interface FirstReconciliation {
  /** The cluster was never reconciled, and a channel is to be notified of it. */
  readonly isDue: boolean
  /**
   * Returns the failures for which incidents are opened. Failures that existed before the first reconciliation are announced
   * in one summary, and open no incident until a post in a channel or an alert reports them. Throws ClusterError, StoreError.
   */
  filter(unassigned: Unassigned, signal: AbortSignal): Promise<readonly Failure[]>
}

export interface FirstReconciliationOptions {
  readonly store: Store
  readonly queue: Pick<Queue, 'add'>
  readonly routes: Routes
  readonly now: () => Date
}

export async function readFirstReconciliation(
  options: FirstReconciliationOptions,
  watched: WatchedCluster,
): Promise<FirstReconciliation> {
  const { store, routes } = options
  const stored = records(store, 'setting', { schema, version, substitute: true })
  const record = { stored, id: `first look at ${watched.name}` }
  const before = await stored.read(record.id)
  const notified = routes.isNotified(watched.name, 'alerts') || routes.isNotified(watched.name, 'look')
  return {
    isDue: !before && notified,
    async filter(unassigned, signal) {
      if (before) return continueWith(options, watched, { ...record, before }, unassigned, signal)
      return notified ? begin(options, watched, record, unassigned, signal) : unassigned.failures
    },
  }
}

interface Place {
  readonly stored: Records<FirstRecord>
  readonly id: string
}

/** The first reconciliation: many old failures become one summary. */
async function begin(
  options: FirstReconciliationOptions,
  watched: WatchedCluster,
  { stored, id }: Place,
  unassigned: Unassigned,
  signal: AbortSignal,
): Promise<readonly Failure[]> {
  const { failures, snapshot } = unassigned
  const at = options.now().toISOString()
  const reported = await findReported(options.routes, watched, unassigned, at, signal)
  const rest = failures.filter((failure) => !reported.has(failure))
  const many = Map.groupBy(rest, toGroup).size > few
  const known = many ? [...new Set(failures.map(toLasting))].slice(0, mostKnown) : []
  if (many) await summarise(options, watched.name, rest, snapshot.labels)
  await stored.change(id, () => ({ value: { version, known, at } }))
  return many ? [...reported] : failures
}

/** Every later one: the failures of the summary open no incident while they last. */
async function continueWith(
  { routes }: FirstReconciliationOptions,
  watched: WatchedCluster,
  { stored, id, before }: Place & { readonly before: FirstRecord },
  unassigned: Unassigned,
  signal: AbortSignal,
): Promise<readonly Failure[]> {
  const { failures, snapshot } = unassigned
  const { known, at } = before
  if (known.length === 0) return failures
  const failing = new Set(snapshot.failures.map(toLasting))
  const still = new Set(known.filter((it) => failing.has(it)))
  if (still.size < known.length) await stored.change(id, () => ({ value: { ...before, known: [...still] } }))
  const old = failures.filter((failure) => still.has(toLasting(failure)))
  const reported = await findReported(routes, watched, { ...unassigned, failures: old }, at, signal)
  return failures.filter((failure) => !still.has(toLasting(failure)) || reported.has(failure))
}

/**
 * Finds the old failures that need an answer: a post reports them, or an alert that is new or cannot wait.
 * @param at RFC 3339: the first reconciliation.
 */
async function findReported(
  routes: Routes,
  watched: WatchedCluster,
  unassigned: Unassigned,
  at: string | undefined,
  signal: AbortSignal,
): Promise<ReadonlySet<Failure>> {
  const reported = new Set<Failure>(findPosted(routes, watched.name, unassigned))
  const waiting: Failure[] = []
  for (const failure of unassigned.failures) {
    const firing = (unassigned.snapshot.alerts.get(failure) ?? []).flatMap(stillFiring).filter(({ post }) => !post)
    if (firing.some((alert) => isUrgent(alert, at))) reported.add(failure)
    else if (firing.length > 0) waiting.push(failure)
  }
  for (const failure of await findDown(watched, waiting, signal)) reported.add(failure)
  return reported
}

function isUrgent({ severity, since }: Alert, first: string | undefined): boolean {
  return severity === 'critical' || (first !== undefined && Date.parse(since) > Date.parse(first))
}

/**
 * Finds the failures that posts in channels report: a person or another bot wrote there, and gets an answer. A post that
 * could be about many failures is answered with a few of them, once.
 */
function findPosted(routes: Routes, cluster: string, { failures, snapshot, open }: Unassigned): readonly Failure[] {
  const candidates = new Set(failures)
  const posted = snapshot.failures.flatMap((failure) =>
    findNotifications(routes, cluster, [failure], snapshot).posts.map((post) => ({ failure, post })),
  )
  const posts = Map.groupBy(posted, ({ post }) => `${post.channel} ${post.ts}`)
  const answered = new Set(open.flatMap((it) => it.posts.map(({ channel, ts }) => `${channel} ${ts}`)))
  return [...posts].flatMap(([post, own]) => {
    const groups = [...Map.groupBy(own, ({ failure }) => toGroup(failure)).values()]
    const shown = groups.length <= few ? groups : answered.has(post) ? [] : groups.slice(0, few)
    return shown.flat().flatMap(({ failure }) => (candidates.has(failure) ? [failure] : []))
  })
}

/** Finds the failures whose workload has no ready pod. A workload that could not be read may be down. */
async function findDown(
  { cluster }: WatchedCluster,
  failures: readonly Failure[],
  signal: AbortSignal,
): Promise<readonly Failure[]> {
  const names = failures.map(({ namespace, workload: { kind, name } }) => ({ namespace, kind, name }))
  const distinct = [...new Map(names.map((it) => [toWorkloadKey(it), it])).values()]
  const objects = await workloadObjects(cluster, distinct, signal)
  return failures.filter(({ namespace, workload: { kind, name } }) => {
    const object = objects.get(toWorkloadKey({ namespace, kind, name })) ?? { is: 'unknown' }
    if (object.is !== 'there') return object.is === 'unknown'
    return object.traffic && object.desired > 0 && object.ready === 0
  })
}

/** Returns the same text for failures that would be one incident. */
function toGroup(failure: Failure): string {
  return toSubjectKey(toSubjectKind(undefined, failure.at), failure)
}

/** Returns the same text while one workload fails with one image, whatever its pods' names and the kubelet's messages are. */
function toLasting({ workload, image }: Failure): string {
  return `${workload.key} ${image}`
}
