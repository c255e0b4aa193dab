import type { Diagnosis } from '../playbooks/image-pull/diagnosis.ts'
import type { Affected, AffectedWorkload } from './incident.ts'

/** Workloads that are kept by name; more are only counted. */
const limit = 200

export const nobody: Affected = { workloads: [], more: 0, failing: 0, pods: 0, nodes: 0 }

/** What a diagnosis saw of its own workload, beside what is known of the others. */
export function withWorkload(before: Affected, { target, impact }: Diagnosis): Affected {
  const { kind, name } = target.owner ?? { kind: 'Pod', name: target.pod }
  const known = before.workloads.find((it) => isOf(it, target.namespace, kind, name))
  const seen: AffectedWorkload = {
    namespace: target.namespace,
    kind,
    name,
    impact: impact?.state ?? 'unknown',
    ready: impact?.ready ?? 0,
    desired: impact?.desired ?? 0,
    failing: Math.max(1, known?.failing ?? 0),
    state: 'failing',
  }
  const others = before.workloads.filter((it) => it !== known)
  return {
    ...before,
    workloads: worstFirst([seen, ...others]).slice(0, limit),
    failing: Math.max(1, before.failing),
    pods: Math.max(1, before.pods),
    nodes: Math.max(1, before.nodes),
  }
}

function isOf(it: AffectedWorkload, namespace: string, kind: string, name: string): boolean {
  return it.namespace === namespace && it.kind === kind && it.name === name
}

const order: readonly AffectedWorkload['impact'][] = ['down', 'degraded', 'unknown', 'serving', 'no-traffic']

/** Who is down before who still serves; those that still fail before those that do not. */
export function worstFirst(workloads: readonly AffectedWorkload[]): AffectedWorkload[] {
  const rank = (it: AffectedWorkload): number => (it.state === 'failing' ? 0 : order.length) + order.indexOf(it.impact)
  return workloads.toSorted((a, b) => rank(a) - rank(b) || b.failing - a.failing || (a.name < b.name ? -1 : 1))
}
