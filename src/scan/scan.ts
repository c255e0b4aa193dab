import type { Cluster } from '../kubernetes/cluster.ts'
import { ClusterError } from '../kubernetes/errors.ts'
import type { Resource } from '../kubernetes/resources.ts'
import { type Candidate, candidatesOf } from '../preflight/candidates.ts'
import { clusterView } from '../preflight/cluster-view.ts'
import { mapAtOnce } from '../preflight/preflight.ts'
import { type CheckWorld, createPullChecker, type PullChecked, type PullChecker } from '../preflight/pull-check.ts'
import { rankOf } from '../preflight/report.ts'
import { type CheckedImage, type Finding, findingsOf } from './findings.ts'
import { listRunning } from './running.ts'

export interface ScanOptions {
  /** Absent: all namespaces. */
  readonly namespace?: string
  readonly now: Date
  readonly progress?: (done: number, total: number) => void
}

/** An image of which it could not be found out whether it can be pulled again. */
export interface NotFoundOut {
  readonly image: string
  readonly reason: string
  readonly workloads: number
}

export interface ScanReport {
  /** The worst first: what would take a workload down, then what would only weaken one. */
  readonly findings: readonly Finding[]
  readonly unknown: readonly NotFoundOut[]
  /** Workloads that cannot pull already now. */
  readonly failing: readonly string[]
  readonly workloads: number
  readonly pods: number
  readonly images: number
  /** What could not be looked at, in words. */
  readonly unseen: readonly string[]
}

/** Images that are checked at a time. The registry's client keeps its own pace for each registry. */
const atOnce = 16
const mostNodes = 5_000

/**
 * Finds healthy workloads whose pods could not be made again elsewhere, or would run something else then. Each image is
 * checked once for each login and platform. Throws ClusterError where pods may not be listed.
 */
export async function scan(world: CheckWorld, options: ScanOptions): Promise<ScanReport> {
  const cluster = clusterView(world.cluster, [], { namespace: options.namespace ?? world.cluster.namespace })
  const running = await listRunning(cluster, options.namespace, options.now)
  const { nodes, unseen } = await listNodes(cluster)
  const candidates = await candidatesOf(
    running.workloads.map(({ next }) => next),
    cluster,
    nodes,
  )
  const checker = createPullChecker({ ...world, cluster })
  let done = 0
  const checked = await mapAtOnce(candidates, atOnce, async (candidate) => {
    const row = await checkOne(checker, candidate)
    done += 1
    options.progress?.(done, candidates.length)
    return row
  })
  return {
    findings: findingsOf(checked, running.workloads, nodes ?? []),
    unknown: notFoundOut(checked),
    failing: running.failing,
    workloads: running.workloads.length,
    pods: running.pods,
    images: new Set(checked.map(({ image }) => image)).size,
    unseen: [...running.unseen, ...unseen],
  }
}

async function listNodes(
  cluster: Cluster,
): Promise<{ readonly nodes: readonly Resource<'nodes'>[] | undefined; readonly unseen: readonly string[] }> {
  try {
    return { nodes: (await cluster.list('nodes', { limit: mostNodes })).items, unseen: [] }
  } catch (error) {
    if (!(error instanceof ClusterError) || error.code !== 'forbidden') throw error
    return { nodes: undefined, unseen: [`no platform was compared: ${error.message}`] }
  }
}

/** One platform after the other: the worst answer counts. */
async function checkOne(checker: PullChecker, { checks, users }: Candidate): Promise<CheckedImage> {
  const answers: PullChecked[] = []
  for (const check of checks) answers.push(await checker.check(check))
  const [worst] = answers.toSorted((a, b) => rankOf(a) - rankOf(b))
  const [first] = checks
  if (!worst || !first) throw new Error('a candidate has at least one check')
  return { image: first.image, policy: first.policy, checked: worst, users, nodes: first.nodes }
}

function notFoundOut(checked: readonly CheckedImage[]): readonly NotFoundOut[] {
  const rows = checked.flatMap(({ image, checked: of, users }) =>
    of.status === 'unknown' ? [{ image, reason: of.reason, workloads: users.length }] : [],
  )
  const same = Map.groupBy(rows, ({ image, reason }) => JSON.stringify([image, reason]))
  return [...same.values()].flatMap(([first, ...others]) =>
    first ? [{ ...first, workloads: others.reduce((sum, it) => sum + it.workloads, first.workloads) }] : [],
  )
}
