import { check } from '../../../diagnosis/check.ts'
import type { Resource } from '../../../kubernetes/resources.ts'
import type { InCluster } from '../../../registry/registry.ts'
import { addressesOf, findRegistryService } from '../find-registry-service.ts'
import { theCluster } from '../givens.ts'
import { splitHost } from '../split-host.ts'
import { reference } from './reference.ts'

type Service = Resource<'services'>

/** The Service that stands behind the image's registry host, where it runs in this cluster. */
export interface RegistryService {
  readonly namespace: string
  readonly name: string
  /** The port that the image's host names. */
  readonly port: number
  /** The Service's own port behind it; undefined: it has no such port. */
  readonly own: InCluster | undefined
  /** Those that the Service has. */
  readonly ports: readonly number[]
  /** When the Service was made: RFC 3339. */
  readonly since: string
  readonly selector: Readonly<Record<string, string>>
  /** Every name that means this registry, with port: for builds push by another one. */
  readonly aliases: readonly string[]
}

/** undefined: the image's host is no Service of this cluster. */
export const registryService = check({
  id: 'registry-service',
  doing: 'Looking for its registry in the cluster',
  needs: { cluster: theCluster, reference },
  async gather({ cluster, reference }, signal) {
    if (!reference.valid) return undefined
    const { host } = reference.reference
    const found = await findRegistryService(cluster, host, signal)
    // An ExternalName is a record in the cluster's DNS: nothing of this cluster stands behind it.
    return found && found.spec.type !== 'ExternalName' ? describe(found, splitHost(host).port) : undefined
  },
})

function describe(service: Service, port: number): RegistryService {
  const { namespace, name } = service.metadata
  const served = service.spec.ports.find((it) => it.port === port || it.nodePort === port)
  const own = served && { namespace, name, port: served.port, tls: served.port === 443 || /^https/.test(served.name) }
  const dns = [`${name}.${namespace}`, `${name}.${namespace}.svc`, `${name}.${namespace}.svc.cluster.local`, name]
  return {
    namespace,
    name,
    port,
    own,
    ports: service.spec.ports.map((it) => it.port),
    since: service.metadata.creationTimestamp,
    selector: service.spec.selector,
    aliases: [...new Set([...addressesOf(service), ...dns])].map(
      (host) => `${host.includes(':') ? `[${host}]` : host}:${own?.port ?? port}`,
    ),
  }
}
