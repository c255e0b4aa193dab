import { type Text, text } from '../../../text.ts'
import type { RegistryBackend } from '../checks/cluster-registry.ts'
import type { ContainerPull } from '../inputs.ts'
import type { Remedy } from '../model.ts'
import type { WayFacts } from './network-path.ts'

/** When to stop trying, and call those who run the cluster or the network. */
export function escalation(pull: ContainerPull, facts: WayFacts, restartsLimit: number): readonly Remedy[] {
  return [...worn(facts.backend, restartsLimit), ...everywhere(pull, facts), ...onlyTheWay(facts)].map((title) => ({
    kind: 'action',
    title,
    escalates: true,
  }))
}

function worn(backend: WayFacts['backend'], limit: number): readonly Text[] {
  const pods: RegistryBackend['pods'] = backend.known && backend.value ? backend.value.pods : []
  const most = Math.max(0, ...pods.map((pod) => pod.restarts))
  if (most < limit) return []
  return [
    text`Escalate: the registry restarted ${most} times, and another restart will not fix it. Consider another registry for critical workloads`,
  ]
}

function everywhere({ said }: ContainerPull, { spread }: WayFacts): readonly Text[] {
  const nodes = spread.known ? spread.value.nodes : []
  if (nodes.length < 2) return []
  if (said?.reading.kind === 'tls-handshake')
    return [text`Escalate: TLS fails on ${nodes.length} nodes, so the cluster's egress is at fault, not one node`]
  if (!spread.known || spread.value.where !== 'registry') return []
  return [text`Escalate: ${nodes.length} nodes fail with several images, so no change of this workload helps`]
}

function onlyTheWay({ manifest, backend }: WayFacts): readonly Text[] {
  const there = manifest.known && manifest.value.answer.status === 'found'
  const down = backend.known && backend.value?.readyEndpoints === 0
  if (!there || down) return []
  return [
    text`Escalate if it does not recover: imagepull can reach the image with this login, so check the cluster's network policies and egress`,
  ]
}
