import { isIP } from 'node:net'
import { check } from '../../../diagnosis/check.ts'
import type { Cluster } from '../../../kubernetes/cluster.ts'
import type { Resource } from '../../../kubernetes/resources.ts'
import type { InCluster } from '../../../registry/registry.ts'
import { theCluster } from '../givens.ts'
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
    const { name, port } = splitHost(reference.reference.host)
    const found = await findService(cluster, name, port, signal)
    return found && describe(found, port)
  },
})

/** The distribution default: HTTPS, where no port is written. */
const defaultPort = 443
// The API server's default for --service-node-port-range.
const nodePorts = { first: 30_000, last: 32_767 }

function splitHost(host: string): { readonly name: string; readonly port: number } {
  const end = host.startsWith('[') ? host.indexOf(']') + 1 : host.indexOf(':')
  const cut = end > 0 ? end : host.length
  const port = Number(host.slice(cut + 1)) || defaultPort
  return { name: host.slice(0, cut).replace(/^\[|\]$/g, ''), port }
}

async function findService(
  cluster: Cluster,
  name: string,
  port: number,
  signal: AbortSignal,
): Promise<Service | undefined> {
  if (port >= nodePorts.first && port <= nodePorts.last && (isIP(name) || name === 'localhost'))
    return byNodePort(cluster, port, signal)
  if (isIP(name)) return byAddress(cluster, name, signal)
  const [service, namespace, svc] = name.split('.')
  if (svc !== 'svc' || !service || !namespace) return undefined
  return cluster.get('services', { namespace, name: service }, signal)
}

async function byAddress(cluster: Cluster, address: string, signal: AbortSignal): Promise<Service | undefined> {
  const byClusterIp = await cluster.list('services', { fields: { 'spec.clusterIP': address } }, signal)
  return byClusterIp.items[0]
}

async function byNodePort(cluster: Cluster, port: number, signal: AbortSignal): Promise<Service | undefined> {
  const services = await cluster.list('services', { fields: { 'spec.type': 'NodePort' } }, signal)
  return services.items.find((service) => service.spec.ports.some((it) => it.nodePort === port))
}

function describe(service: Service, port: number): RegistryService {
  const { namespace, name } = service.metadata
  const served = service.spec.ports.find((it) => it.port === port || it.nodePort === port)
  const own = served && { namespace, name, port: served.port, tls: served.port === 443 || /^https/.test(served.name) }
  const dns = [`${name}.${namespace}`, `${name}.${namespace}.svc`, `${name}.${namespace}.svc.cluster.local`, name]
  const addresses = [...service.spec.clusterIPs, service.spec.clusterIP, ...service.spec.externalIPs].filter((it) =>
    isIP(it),
  )
  return {
    namespace,
    name,
    port,
    own,
    since: service.metadata.creationTimestamp,
    selector: service.spec.selector,
    aliases: [...new Set([...addresses, ...dns])].map(
      (host) => `${host.includes(':') ? `[${host}]` : host}:${own?.port ?? port}`,
    ),
  }
}
