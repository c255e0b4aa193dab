import type { ClusterWrites } from '../../kubernetes/writes.ts'
import type { ActionFacts } from '../facts.ts'
import { findWorkload, type RollableWorkload } from '../steps/rollout.ts'

/** Finds the workload of the registry that runs in this cluster. undefined: it has none. Throws ClusterError. */
export async function findRegistryWorkload(
  { backend }: Pick<ActionFacts, 'backend'>,
  raw: ClusterWrites['raw'],
  signal: AbortSignal,
): Promise<RollableWorkload | undefined> {
  const registry = backend.known ? backend.value : undefined
  const [pod] = registry?.pods ?? []
  if (!registry || !pod) return undefined
  return findWorkload(raw, { namespace: registry.namespace, name: pod.name }, signal)
}
