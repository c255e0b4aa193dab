import { isIP } from 'node:net'
import { resources } from '../../kubernetes/resources.ts'
import { readyEndpoints } from './api/service-proxy.ts'
import type { ObjectStore } from './api/store.ts'

/** Who connects. */
export interface Caller {
  /** The node that it is, or runs on. Absent: somebody outside of the cluster. */
  readonly node?: string
  /** A pod, which knows the names of Services; nodes do not. */
  readonly isPod?: boolean
}

/** Where a connection leads. `address`: the one that the caller sees. */
export type Way =
  | { readonly to: 'port'; readonly address: string; readonly port: number }
  /** Somebody is there, and does not listen. */
  | { readonly to: 'refusal'; readonly address: string }
  /** Packets vanish. */
  | { readonly to: 'nowhere'; readonly address: string }
  /** The name has no address. */
  | { readonly to: 'no-name' }

/** Every address of the sample, and the loopback port that stands for it. Nothing leads outside of this machine. */
export interface Network {
  way(from: Caller, host: string, port: number): Way
  /** A name that DNS knows. */
  name(host: string, address: string): void
  /** Something listens there from now on. */
  attach(address: string, port: number, loopbackPort: number): void
  detach(address: string, port: number): void
  /** What one node meets instead at that address. */
  divert(node: string, address: string, port: number, to: number | 'nowhere'): void
  restore(node: string, address: string, port: number): void
  /** The loopback port behind an address. */
  portOf(address: string, port: number): number | undefined
}

export function sampleNetwork(store: ObjectStore): Network {
  const names = new Map<string, string>()
  const listening = new Map<string, number>()
  const diverted = new Map<string, number | 'nowhere'>()

  function addressOf(host: string, { isPod }: Caller): string | undefined {
    if (isIP(host)) return host
    return names.get(host) ?? (isPod ? clusterDns(store, host) : undefined)
  }

  function way(from: Caller, host: string, port: number): Way {
    const address = addressOf(host, from)
    if (address === undefined) return { to: 'no-name' }
    const own = diverted.get(`${from.node} ${address}:${port}`)
    if (own === 'nowhere') return { to: 'nowhere', address }
    const loopback = own ?? listening.get(`${address}:${port}`)
    return loopback === undefined ? byService(address, port) : { to: 'port', address, port: loopback }
  }

  /** A Service without a ready pod refuses, as kube-proxy has it; an address that nobody has gives no answer. */
  function byService(address: string, port: number): Way {
    const services = store.list('services').map((it) => resources.services.schema.parse(it))
    const service = services.find(({ spec }) => spec.clusterIP === address)
    const served = service?.spec.ports.find((it) => it.port === port)
    if (!service || !served) return { to: [...names.values()].includes(address) ? 'refusal' : 'nowhere', address }
    const { namespace, name } = service.metadata
    const [endpoint] = readyEndpoints(store, namespace, name, served.name)
    const loopback = endpoint && listening.get(`${endpoint.address}:${endpoint.port}`)
    return loopback === undefined ? { to: 'refusal', address } : { to: 'port', address, port: loopback }
  }

  return {
    way,
    name: (host, address) => void names.set(host, address),
    attach: (address, port, loopbackPort) => void listening.set(`${address}:${port}`, loopbackPort),
    detach: (address, port) => void listening.delete(`${address}:${port}`),
    divert: (node, address, port, to) => void diverted.set(`${node} ${address}:${port}`, to),
    restore: (node, address, port) => void diverted.delete(`${node} ${address}:${port}`),
    portOf: (address, port) => listening.get(`${address}:${port}`),
  }
}

/** `registry.shop.svc.cluster.local` and shorter. */
function clusterDns(store: ObjectStore, host: string): string | undefined {
  const [name = '', namespace, svc = 'svc'] = host.split('.')
  if (!namespace || svc !== 'svc') return undefined
  const service = store.get('services', { namespace, name })
  return service && resources.services.schema.parse(service).spec.clusterIP
}
