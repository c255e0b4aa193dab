import { isIP } from 'node:net'
import type { Cluster } from '../kubernetes/cluster.ts'
import { findRegistryService } from '../playbooks/image-pull/find-registry-service.ts'
import { splitHost } from '../playbooks/image-pull/split-host.ts'

/** Whether an image's host is a Service of the cluster. A node's port counts only at an address of a node. */
export async function runsInCluster(cluster: Cluster, host: string): Promise<boolean> {
  const { name, port } = splitHost(host)
  const service = await findRegistryService(cluster, host)
  if (!service) return false
  const atNode = service.spec.ports.some((it) => it.nodePort === port)
  if (!atNode || !isIP(name)) return true
  const nodes = await cluster.list('nodes', {})
  return nodes.items.some(({ status }) => status.addresses.some(({ address }) => address === name))
}
