import { worstFirst } from './affected.ts'
import type { Failure } from './failure.ts'
import type { Affected, AffectedWorkload } from './incident.ts'
import { keyOf, type WorkloadObject } from './workload-objects.ts'

/** What one look at the cluster saw of one incident. */
export interface Seen {
  /** Its pods that cannot pull now. */
  readonly failures: readonly Failure[]
  /** Workloads with a pod whose images are being pulled right now, by key: nothing is known of them yet. */
  readonly starting: ReadonlySet<string>
  readonly objects: ReadonlyMap<string, WorkloadObject>
  readonly allNodes?: number | undefined
  readonly now: Date
  /** Milliseconds that a workload must be ready before it counts as recovered. */
  readonly proven: number
}

const limit = 200

/** Whom an incident hurts now, from what was known before and what was seen. Pure. */
export function countAffected(before: Affected, seen: Seen): Affected {
  const failing = Map.groupBy(seen.failures, ({ workload }) => workload.key)
  const known = new Map(before.workloads.map((it) => [keyOf(it), it]))
  const workloads = [...new Set([...known.keys(), ...failing.keys()])].flatMap((key) =>
    workloadNow(key, known.get(key), failing.get(key) ?? [], seen),
  )
  const sorted = worstFirst(workloads)
  return {
    workloads: sorted.slice(0, limit),
    more: Math.max(0, sorted.length - limit),
    failing: seen.failures.length,
    pods: Math.max(before.pods, seen.failures.length),
    nodes: new Set(seen.failures.map(({ node }) => node)).size || before.nodes,
    ...(seen.allNodes !== undefined && { allNodes: seen.allNodes }),
  }
}

function workloadNow(
  key: string,
  known: AffectedWorkload | undefined,
  failures: readonly Failure[],
  seen: Seen,
): readonly AffectedWorkload[] {
  const object = seen.objects.get(key) ?? { is: 'unknown' }
  const named = known ?? firstNamed(failures)
  if (!named) return []
  const { readySince, ...kept } = named
  const counted: AffectedWorkload = { ...kept, ...impactOf(object, kept), failing: failures.length }
  if (failures.length > 0) return [{ ...counted, state: 'failing' }]
  if (object.is === 'missing' || (object.is === 'there' && object.desired === 0)) return [{ ...counted, state: 'gone' }]
  const well = object.is === 'there' && object.ready >= object.desired && !seen.starting.has(key)
  if (!well) return [{ ...counted, state: 'recovering' }]
  const since = readySince ?? seen.now.toISOString()
  const certain = seen.now.getTime() - Date.parse(since) >= seen.proven
  return [{ ...counted, state: certain ? 'recovered' : 'recovering', readySince: since }]
}

function firstNamed([first]: readonly Failure[]): AffectedWorkload | undefined {
  if (!first) return undefined
  const { namespace, workload } = first
  const { kind, name } = workload
  return { namespace, kind, name, impact: 'unknown', ready: 0, desired: 0, failing: 0, state: 'failing' }
}

type Impact = Pick<AffectedWorkload, 'impact' | 'ready' | 'desired'>

/** What could not be looked at stays as it was known. */
function impactOf(object: WorkloadObject, before: Impact): Impact {
  if (object.is !== 'there') return { impact: before.impact, ready: before.ready, desired: before.desired }
  const { ready, desired, traffic } = object
  if (!traffic || desired === 0) return { impact: 'no-traffic', ready: 0, desired: 0 }
  return { impact: ready === 0 ? 'down' : ready < desired ? 'degraded' : 'serving', ready, desired }
}
