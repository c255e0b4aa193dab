import type { Observation } from '../../../diagnosis/observation.ts'
import type { ParsedReference } from '../../../registry/parse-reference.ts'
import { type Text, text } from '../../../text.ts'
import type { RegistryBackend } from '../checks/registry-backend.ts'
import type { ContainerPull } from '../pull.ts'

interface PreventionFacts {
  readonly reference: Observation<ParsedReference>
  readonly backend: Observation<RegistryBackend | undefined>
}

/** What would keep it from happening again: only from what was observed. */
export function prevention(pull: ContainerPull, { reference, backend }: PreventionFacts): readonly Text[] {
  return [
    ...(reference.known && reference.value.valid ? ofReference(reference.value.reference, pull) : []),
    ...(backend.known && backend.value ? ofRegistry(backend.value) : []),
  ]
}

// https://docs.docker.com/docker-hub/usage/pulls/ counts by address: a mirror pulls once for all nodes.
const hubHosts: ReadonlySet<string> = new Set(['registry-1.docker.io', 'auth.docker.io'])

function ofReference(
  { host, tag, digest }: Extract<ParsedReference, { valid: true }>['reference'],
  { said }: ContainerPull,
): readonly Text[] {
  const moves = !digest && (tag === undefined || tag === 'latest')
  const unmirrored = host === 'docker.io' && hubHosts.has(said?.reading.host ?? '')
  return [
    ...(moves ? [text`Pin a tag that does not move, or a digest, instead of latest.`] : []),
    ...(unmirrored ? [text`Give the nodes a mirror of Docker Hub: this one asked it directly.`] : []),
  ]
}

function ofRegistry({ namespace, service, pods }: RegistryBackend): readonly Text[] {
  const inPod = pods.some((pod) => pod.storage === 'pod')
  const killed = pods.some((pod) => pod.trouble === 'OOMKilled')
  const unlimited = pods.some((pod) => !pod.limited)
  return [
    ...(inPod
      ? [
          text`Give the registry ${namespace}/${service} a PersistentVolumeClaim: its images live in the pod, and are lost with it.`,
        ]
      : []),
    ...(killed ? [text`Raise the registry's memory limit: it was killed for want of memory.`] : []),
    ...(unlimited ? [text`Set resource requests and limits on the registry's pod: it has none.`] : []),
  ]
}
