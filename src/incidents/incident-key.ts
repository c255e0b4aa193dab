import type { Place } from '../messages/kinds.ts'
import type { Diagnosis } from '../playbooks/image-pull/diagnosis.ts'
import { referenceOf } from '../playbooks/image-pull/reference-of.ts'

/** What a verdict's cause is about: failures that share it are one incident. */
type Subject = 'registry' | 'image' | 'namespace' | 'node' | 'workload'

/** Causes that are about another thing than the place where the message says that it happened. */
const subjects: Readonly<Record<string, Subject>> = {
  'registry-down': 'registry',
  'registry-storage-lost': 'registry',
  'stale-service-ip': 'registry',
  'network-policy-blocks-registry': 'registry',
  'build-failed': 'image',
  'build-running': 'image',
  'build-destination-mismatch': 'image',
  'image-never-built': 'image',
  'stale-backoff': 'workload',
  'pull-stalled': 'workload',
  unknown: 'workload',
}

const places: Readonly<Record<Place, Subject>> = {
  way: 'registry',
  limit: 'registry',
  access: 'namespace',
  name: 'image',
  policy: 'image',
  content: 'image',
  node: 'node',
  nowhere: 'workload',
}

/**
 * The same for all that is one incident: never a pod's name, a waiting reason or an alert's fingerprint. undefined:
 * nothing fails to pull.
 */
export function incidentKey({ target, failing }: Diagnosis): string | undefined {
  const [first] = failing
  if (!first) return undefined
  const subject = subjects[first.verdict.cause] ?? places[first.at]
  const host = first.host ?? referenceOf(first.image)?.host ?? ''
  const { cluster, namespace, node, owner, pod } = target
  const parts: Readonly<Record<Subject, readonly string[]>> = {
    registry: [host],
    image: [first.image],
    namespace: [host, namespace],
    node: [node],
    workload: [namespace, owner ? `${owner.kind}/${owner.name}` : pod],
  }
  return JSON.stringify([cluster, subject, ...parts[subject]])
}
