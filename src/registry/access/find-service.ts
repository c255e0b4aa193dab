import { isIP } from 'node:net'
import type { Cluster } from '../../kubernetes/cluster.ts'
import { ClusterError } from '../../kubernetes/errors.ts'
import type { Resource } from '../../kubernetes/resources.ts'

type Service = Resource<'services'>

/** Services that are searched for an address that is no cluster IP. */
const most = 5_000

/**
 * The Service that an image's host means: by its cluster IP, external or load-balancer IP, its DNS name, or a node's
 * address, or its loopback, with a node port. undefined: none of this cluster. Throws ClusterError where it could not look.
 */
export async function findRegistryService(
  cluster: Cluster,
  host: string,
  signal?: AbortSignal,
): Promise<Service | undefined> {
  const { name, port } = splitHost(host)
  if (name === 'localhost' || name === '::1' || /^127\./.test(name))
    return byNodePort(await allServices(cluster, signal), port)
  if (isIP(name)) return byAddress(cluster, name, port, signal)
  const named = serviceName(name, cluster.domain)
  return named && cluster.get('services', named, signal)
}

/** `registry.infra.svc` and `registry.infra.svc.cluster.local`: the cluster's domain, or nothing, follows `svc`. */
function serviceName(name: string, domain: string): { readonly namespace: string; readonly name: string } | undefined {
  const [service, namespace, svc, ...rest] = name.replace(/\.$/, '').toLowerCase().split('.')
  if (svc !== 'svc' || !service || !namespace) return undefined
  return rest.length === 0 || rest.join('.') === domain ? { namespace, name: service } : undefined
}

async function byAddress(
  cluster: Cluster,
  address: string,
  port: number,
  signal?: AbortSignal,
): Promise<Service | undefined> {
  const byClusterIp = await cluster.list('services', { fields: { 'spec.clusterIP': address } }, signal)
  if (byClusterIp.items[0]) return byClusterIp.items[0]
  const services = await allServices(cluster, signal)
  const owner = services.find((service) => findAddresses(service).includes(canonical(address)))
  if (owner) return owner
  const atNode = byNodePort(services, port)
  return atNode && (await isOfNode(cluster, address, signal)) ? atNode : undefined
}

function byNodePort(services: readonly Service[], port: number): Service | undefined {
  return services.find(({ spec }) => spec.ports.some((it) => it.nodePort === port))
}

async function allServices(cluster: Cluster, signal?: AbortSignal): Promise<readonly Service[]> {
  const { items, complete, unreadable } = await cluster.list('services', { limit: most }, signal)
  if (complete && !unreadable) return items
  const asked = 'list services in all namespaces'
  const why = complete ? 'one of them is not understood' : `there are more than ${most}`
  throw new ClusterError('invalid-answer', asked, `not all Services were searched: ${why} (${asked})`)
}

/** Cluster IPs, external and load-balancer IPs, in the form of `canonical`. */
export function findAddresses({ spec, status }: Service): readonly string[] {
  const balanced = status.loadBalancer.ingress.map(({ ip }) => ip)
  return [spec.clusterIP, ...spec.clusterIPs, ...spec.externalIPs, ...balanced].filter((it) => isIP(it)).map(canonical)
}

/** Whether an address is one of a node's. */
export async function isOfNode(cluster: Cluster, address: string, signal?: AbortSignal): Promise<boolean> {
  const nodes = await cluster.list('nodes', { limit: most }, signal)
  return nodes.items.some(({ status }) => status.addresses.some((it) => canonical(it.address) === canonical(address)))
}

/** One form for every way to write an IPv6 address. */
export function canonical(address: string): string {
  return isIP(address) === 6 ? (URL.parse(`http://[${address}]`)?.hostname.slice(1, -1) ?? address) : address
}

/** The distribution default: HTTPS, where no port is written. */
const defaultPort = 443

/** Of an image's host: the name or address, without brackets, and the port. */
export function splitHost(host: string): { readonly name: string; readonly port: number } {
  const end = host.startsWith('[') ? host.indexOf(']') + 1 : host.indexOf(':')
  const cut = end > 0 ? end : host.length
  const port = Number(host.slice(cut + 1)) || defaultPort
  return { name: host.slice(0, cut).replace(/^\[|\]$/g, ''), port }
}

/**
 * Whether a connection to this address and the host's port reaches the Service that the host means: at one of the
 * Service's own addresses, at a ready endpoint of it, or at a node's port. The name alone proves nothing: whoever runs
 * its DNS zone can give it any address. Throws ClusterError.
 */
export async function runsInCluster(cluster: Cluster, host: string, address: string): Promise<boolean> {
  const service = await findRegistryService(cluster, host)
  if (!service) return false
  const { port } = splitHost(host)
  const { ports } = service.spec
  if (findAddresses(service).includes(canonical(address))) return ports.some((it) => it.port === port)
  if (ports.some((it) => it.nodePort === port)) return isOfNode(cluster, address)
  return isEndpoint(cluster, service, address, port)
}

/** A Service without an address of its own gives those of its pods, with their ports. */
async function isEndpoint(cluster: Cluster, { metadata }: Service, address: string, port: number): Promise<boolean> {
  const labels = { 'kubernetes.io/service-name': metadata.name }
  const { items } = await cluster.list('endpointslices', { namespace: metadata.namespace, labels })
  return items.some(
    ({ endpoints, ports }) =>
      ports.some((it) => it.port === port) &&
      endpoints.some(
        ({ addresses, conditions }) =>
          conditions.ready !== false && addresses.some((it) => canonical(it) === canonical(address)),
      ),
  )
}
