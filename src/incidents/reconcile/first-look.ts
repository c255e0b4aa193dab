import { createHash } from 'node:crypto'
import { z } from 'zod'
import { records } from '../../store/records.ts'
import type { Store } from '../../store/store.ts'
import type { Alert } from '../alerts/alert.ts'
import { type Alerts, stillFiring } from '../alerts/records.ts'
import { findNotifications } from '../alerts/routing.ts'
import { type Failure, toFailureRows } from '../failure.ts'
import { keyOf, workloadObjects } from '../impact.ts'
import type { Incident } from '../incident.ts'
import type { IncidentWorld } from '../incident-world.ts'
import { toSubjectKey, toSubjectKind } from '../key.ts'
import type { WatchedCluster } from '../watched-cluster.ts'
import type { ClusterSnapshot } from './snapshot.ts'

const firstLookVersion = 1
const firstLookSchema = z.object({
  version: z.literal(firstLookVersion),
  /** Failures that were there when the cluster was first looked at, and have been ever since. */
  known: z.array(z.string()),
  /** When that was. Absent: an earlier version of this program did not write it down. */
  at: z.iso.datetime().optional(),
})
type First = z.infer<typeof firstLookSchema>

/** So many incidents at the first start are told one by one; so many of them one post is answered with. */
const few = 3
const mostKnown = 5_000

/** What a look saw, and what is known to be open. */
interface Seen extends ClusterSnapshot {
  readonly told: ReadonlyMap<Failure, readonly Alerts[]>
  readonly open: readonly Incident[]
}

/** What is known of a cluster from its first look. */
export interface FirstLook {
  /** Nobody has looked at it yet, and somebody wants to be told. */
  readonly isFirst: boolean
  /**
   * The failures that an incident is to be opened for. Those from before the first look were told in one summary. They stay
   * there until a post in a channel or an alert asks for more: see `reportedOf`.
   */
  without(strays: readonly Failure[], seen: Seen, signal: AbortSignal): Promise<readonly Failure[]>
}

export async function readFirstLook(world: IncidentWorld, watched: WatchedCluster): Promise<FirstLook> {
  const cluster = watched.name
  const kept = records(world.store, 'setting', { schema: firstLookSchema, version: firstLookVersion, substitute: true })
  const id = `first look at ${cluster}`
  const before = await kept.read(id)
  const wanted = world.routes.tells(cluster, 'alerts') || world.routes.tells(cluster, 'look')

  async function begin(strays: readonly Failure[], seen: Seen, signal: AbortSignal): Promise<readonly Failure[]> {
    const at = world.now().toISOString()
    const reported = await reportedOf(world, watched, { old: strays, at }, seen, signal)
    const rest = strays.filter((failure) => !reported.has(failure))
    const many = Map.groupBy(rest, groupOf).size > few
    const known = many ? [...new Set(strays.map(lasting))].slice(0, mostKnown) : []
    if (many) await summarise(world, cluster, rest, seen)
    await kept.change(id, () => ({ value: { version: firstLookVersion, known, at } }))
    return many ? [...reported] : strays
  }

  async function goOn(first: First, strays: readonly Failure[], seen: Seen, signal: AbortSignal) {
    const { known, at } = first
    if (known.length === 0) return strays
    const failing = new Set(seen.failures.map(lasting))
    const still = known.filter((it) => failing.has(it))
    if (still.length < known.length) await kept.change(id, () => ({ value: { ...first, known: still } }))
    const summarised = new Set(still)
    const old = strays.filter((failure) => summarised.has(lasting(failure)))
    const reported = await reportedOf(world, watched, { old, at }, seen, signal)
    return strays.filter((failure) => !summarised.has(lasting(failure)) || reported.has(failure))
  }

  return {
    isFirst: !before && wanted,
    async without(strays, seen, signal) {
      if (before) return goOn(before, strays, seen, signal)
      return wanted ? begin(strays, seen, signal) : strays
    },
  }
}

interface Old {
  readonly old: readonly Failure[]
  /** RFC 3339: of the first look. */
  readonly at: string | undefined
}

/** Those of the old failures that somebody asks about: in a post, or by an alert that is news or cannot wait. */
async function reportedOf(
  world: IncidentWorld,
  watched: WatchedCluster,
  { old, at }: Old,
  seen: Seen,
  signal: AbortSignal,
): Promise<ReadonlySet<Failure>> {
  const reported = new Set<Failure>(postedOf(world, watched.name, old, seen))
  const waiting: Failure[] = []
  for (const failure of old) {
    const alerts = (seen.told.get(failure) ?? []).flatMap(stillFiring).filter(({ post }) => !post)
    if (alerts.some((alert) => isUrgent(alert, at))) reported.add(failure)
    else if (alerts.length > 0) waiting.push(failure)
  }
  for (const failure of await downOf(watched, waiting, signal)) reported.add(failure)
  return reported
}

function isUrgent({ severity, since }: Alert, firstLook: string | undefined): boolean {
  return severity === 'critical' || (firstLook !== undefined && Date.parse(since) > Date.parse(firstLook))
}

/**
 * Failures that posts in channels tell of: a person or another bot wrote there, and gets an answer. A post that does not say
 * which of many it is about is answered with a few of them, once.
 */
function postedOf(
  world: IncidentWorld,
  cluster: string,
  old: readonly Failure[],
  { failures, told, labels, open }: Seen,
): readonly Failure[] {
  const isOld = new Set(old)
  const posted = failures.flatMap((failure) =>
    findNotifications(world, cluster, [failure], { told, labels }).posts.map((post) => ({ failure, post })),
  )
  const posts = Map.groupBy(posted, ({ post }) => `${post.channel} ${post.ts}`)
  const answered = new Set(open.flatMap((it) => it.posts.map(({ channel, ts }) => `${channel} ${ts}`)))
  return [...posts].flatMap(([post, of]) => {
    const groups = [...Map.groupBy(of, ({ failure }) => groupOf(failure)).values()]
    const shown = groups.length <= few ? groups : answered.has(post) ? [] : groups.slice(0, few)
    return shown.flat().flatMap(({ failure }) => (isOld.has(failure) ? [failure] : []))
  })
}

/** Failures whose workload serves nobody. One that could not be looked at may be down. */
async function downOf(
  { cluster }: WatchedCluster,
  failures: readonly Failure[],
  signal: AbortSignal,
): Promise<readonly Failure[]> {
  const names = failures.map(({ namespace, workload: { kind, name } }) => ({ namespace, kind, name }))
  const distinct = [...new Map(names.map((it) => [keyOf(it), it])).values()]
  const objects = await workloadObjects(cluster, distinct, signal)
  return failures.filter(({ namespace, workload: { kind, name } }) => {
    const object = objects.get(keyOf({ namespace, kind, name })) ?? { is: 'unknown' }
    if (object.is !== 'there') return object.is === 'unknown'
    return object.traffic && object.desired > 0 && object.ready === 0
  })
}

/** What would be one incident. */
function groupOf(failure: Failure): string {
  return toSubjectKey(toSubjectKind(undefined, failure.at), failure)
}

/** The same while one workload fails with one image, whatever its pods are called and the kubelet says. */
function lasting({ workload, image }: Failure): string {
  return `${workload.key} ${image}`
}

const mostRows = 100

/** One post for each channel that wants to know: what had failed before the first look. Safe to run again. */
async function summarise(
  world: IncidentWorld,
  cluster: string,
  failures: readonly Failure[],
  { labels }: ClusterSnapshot,
): Promise<void> {
  const { store, queue, routes } = world
  const told = failures.flatMap((failure) => {
    const { namespace, uid } = failure
    const channels = routes.channelsFor({ cluster, namespace, by: 'start', labels: labels.get(uid) ?? {} })
    return channels.map((channel) => ({ channel, failure }))
  })
  for (const [channel, of] of Map.groupBy(told, (it) => it.channel)) {
    const rows = toFailureRows(of.map(({ failure }) => failure))
    const id = `summary-${createHash('sha256').update(`${cluster} ${channel}`).digest('base64url').slice(0, 20)}`
    const shown = rows.slice(0, mostRows)
    const at = world.now().toISOString()
    await summaries.write(store, { id, cluster, channel, at, rows: [...shown], more: rows.length - shown.length })
    await queue.add('sync-thread', id)
  }
}

/** Of the record's form. */
const summaryVersion = 1

const row = z.object({
  host: z.string(),
  image: z.string(),
  pods: z.int(),
  workloads: z.int(),
  /** One of them, to be asked about. */
  target: z.string(),
})

const summarySchema = z.object({
  version: z.literal(summaryVersion),
  id: z.string(),
  cluster: z.string(),
  channel: z.string(),
  at: z.iso.datetime(),
  rows: z.array(row).max(100),
  /** Rows beyond those. */
  more: z.int(),
})

/** What already failed in a cluster when it was first looked at, as one channel may know it. */
export type Summary = z.infer<typeof summarySchema>

export const summaries = {
  read: (store: Store, id: string): Promise<Summary | undefined> => of(store).read(id),
  write: async (store: Store, summary: Omit<Summary, 'version'>): Promise<void> =>
    void (await of(store).change(summary.id, (before) =>
      before ? undefined : { value: { version: summaryVersion, ...summary } },
    )),
} as const

function of(store: Store) {
  return records(store, 'summary', { schema: summarySchema, version: summaryVersion, substitute: true })
}
