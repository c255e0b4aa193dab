import type { Cluster } from '../kubernetes/cluster.ts'
import { ClusterError } from '../kubernetes/errors.ts'
import type { Resource } from '../kubernetes/resources.ts'
import { type Candidate, candidatesOf, nodeOfPlatform } from './candidates.ts'
import { clusterView } from './cluster-view.ts'
import type { ManifestObject } from './manifests/objects.ts'
import { type CheckWorld, createPullChecker, type PullChecked, type PullChecker } from './pull-check.ts'
import { refusedBefore } from './refused.ts'
import { type ImageReport, type PreflightReport, rankOf, sortedReports } from './report.ts'
import { wouldBePods } from './would-be-pods.ts'

export interface PreflightOptions {
  /** Of objects that name none. */
  readonly namespace: string
  /** `linux/arm64`: compared in place of the cluster's nodes. Empty: those of the cluster. */
  readonly platforms: readonly string[]
  /** There is no cluster: nothing of it is missed. */
  readonly offline: boolean
  readonly progress?: (done: number, total: number) => void
}

/** Images that are checked at a time. */
const atOnce = 16

/** Checks every image that these objects would pull. Throws ClusterError where the cluster cannot be asked at all. */
export async function preflight(
  objects: readonly ManifestObject[],
  world: CheckWorld,
  options: PreflightOptions,
): Promise<PreflightReport> {
  const { namespace, platforms } = options
  const chosen = platforms.length > 0 ? platforms.map(nodeOfPlatform) : undefined
  const cluster = clusterView(world.cluster, objects, { namespace, nodes: chosen })
  const { pods, skipped, unreadable } = wouldBePods(objects, namespace)
  const { nodes, unseen } = await nodesOf(cluster, options.offline && !chosen)
  const candidates = await candidatesOf(pods, cluster, nodes)
  const checker = createPullChecker({ ...world, cluster })
  let done = 0
  const rows = await mapAtOnce(candidates, atOnce, async (candidate) => {
    const row = await checkOne(checker, candidate)
    done += 1
    options.progress?.(done, candidates.length)
    return row
  })
  const refused = options.offline ? [] : await refusedBefore(pods, cluster)
  return { images: sortedReports([...rows, ...refused]), skipped, unreadable, unseen }
}

interface NodesSeen {
  readonly nodes: readonly Resource<'nodes'>[] | undefined
  readonly unseen: readonly string[]
}

async function nodesOf(cluster: Cluster, offline: boolean): Promise<NodesSeen> {
  if (offline) return { nodes: undefined, unseen: [] }
  try {
    return { nodes: (await cluster.list('nodes', { limit: mostNodes })).items, unseen: [] }
  } catch (error) {
    if (!(error instanceof ClusterError) || error.code !== 'forbidden') throw error
    return { nodes: undefined, unseen: [`no platform was compared: ${error.message}`] }
  }
}

const mostNodes = 5_000

/** One platform after the other: the worst answer counts. */
async function checkOne(checker: PullChecker, { checks, platforms, users }: Candidate): Promise<ImageReport> {
  const answers: PullChecked[] = []
  for (const check of checks) answers.push(await checker.check(check))
  const [worst] = answers.toSorted((a, b) => rankOf(a) - rankOf(b))
  if (!worst) throw new Error('a candidate has at least one check')
  return { image: checks[0]?.image ?? '', checked: worst, nodePlatforms: platforms, users }
}

/** Results in the order of the items. */
export async function mapAtOnce<Item, Result>(
  items: readonly Item[],
  most: number,
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = []
  const open = items.entries()
  async function run(): Promise<void> {
    for (const [index, item] of open) results[index] = await work(item)
  }
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, run))
  return results
}
