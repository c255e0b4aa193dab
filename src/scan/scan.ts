import { candidatesOf } from '../preflight/candidates.ts'
import { clusterView } from '../preflight/cluster-view.ts'
import { checkCandidates, listNodes } from '../preflight/preflight.ts'
import type { CheckWorld } from '../preflight/pull-check.ts'
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
  const rows = await checkCandidates(candidates, { ...world, cluster }, options.progress)
  const checked = rows.map(({ first, checked: of, users }) => ({
    ...{ image: first.image, policy: first.policy, nodes: first.nodes, checked: of, users },
  }))
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

function notFoundOut(checked: readonly CheckedImage[]): readonly NotFoundOut[] {
  const rows = checked.flatMap(({ image, checked: of, users }) =>
    of.status === 'unknown' ? [{ image, reason: of.reason, workloads: users.length }] : [],
  )
  const same = Map.groupBy(rows, ({ image, reason }) => JSON.stringify([image, reason]))
  return [...same.values()].flatMap(([first, ...others]) =>
    first ? [{ ...first, workloads: others.reduce((sum, it) => sum + it.workloads, first.workloads) }] : [],
  )
}
