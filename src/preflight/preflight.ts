import type { Cluster } from '../kubernetes/cluster.ts'
import { ClusterError } from '../kubernetes/errors.ts'
import type { Resource } from '../kubernetes/resources.ts'
import { type Candidate, candidatesOf, nodeOfPlatform } from './candidates.ts'
import { clusterView } from './cluster-view.ts'
import type { ManifestObject } from './manifests/objects.ts'
import { type CheckWorld, createPullChecker, type PullChecked, type PullToCheck } from './pull-check.ts'
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
  const { nodes, unseen } = options.offline && !chosen ? noNodes : await listNodes(cluster)
  const candidates = await candidatesOf(pods, cluster, nodes)
  const rows = await checkCandidates(candidates, { ...world, cluster }, options.progress)
  const refused = options.offline ? [] : await refusedBefore(pods, cluster)
  return { images: sortedReports([...rows.map(toReport), ...refused]), skipped, unreadable, unseen }
}

export interface NodesSeen {
  /** undefined: not known. */
  readonly nodes: readonly Resource<'nodes'>[] | undefined
  /** Why not, in words. */
  readonly unseen: readonly string[]
}

const noNodes: NodesSeen = { nodes: undefined, unseen: [] }
const mostNodes = 5_000

/** Lists the nodes whose platforms are compared. Throws ClusterError, unless they may not be listed. */
export async function listNodes(cluster: Cluster): Promise<NodesSeen> {
  try {
    return { nodes: (await cluster.list('nodes', { limit: mostNodes })).items, unseen: [] }
  } catch (error) {
    if (!(error instanceof ClusterError) || error.code !== 'forbidden') throw error
    return { nodes: undefined, unseen: [`no platform was compared: ${error.message}`] }
  }
}

/** A candidate, and the worst answer of its platforms. */
export interface CheckedCandidate extends Candidate {
  readonly first: PullToCheck
  readonly checked: PullChecked
}

/** Checks all candidates, some at a time. `world.cluster` should ask the same question once, as `clusterView` does. */
export async function checkCandidates(
  candidates: readonly Candidate[],
  world: CheckWorld,
  progress?: (done: number, total: number) => void,
): Promise<readonly CheckedCandidate[]> {
  const checker = createPullChecker(world)
  let done = 0
  return mapAtOnce(candidates, atOnce, async (candidate) => {
    const answers: PullChecked[] = []
    for (const check of candidate.checks) answers.push(await checker.check(check))
    const [checked] = answers.toSorted((a, b) => rankOf(a) - rankOf(b))
    const [first] = candidate.checks
    if (!first || !checked) throw new Error('a candidate has at least one check')
    done += 1
    progress?.(done, candidates.length)
    return { ...candidate, first, checked }
  })
}

function toReport({ first, checked, platforms, users }: CheckedCandidate): ImageReport {
  return { image: first.image, checked, nodePlatforms: platforms, users }
}

/** Results in the order of the items. */
async function mapAtOnce<Item, Result>(
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
