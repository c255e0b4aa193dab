import { isIP } from 'node:net'
import { resources } from '../../kubernetes/resources.ts'
import { readyEndpoints } from './api/service-proxy.ts'
import type { ObjectStore } from './api/store.ts'

/** The client of a connection. */
export interface Caller {
  /** Its node. Absent: the client is outside of the cluster. */
  readonly node?: string
  /** The client is a pod. Only pods can resolve Services. */
  readonly isPod?: boolean
}

/** The destination of a connection. `address`: the address that the caller sees. */
export type Way =
  | { readonly to: 'port'; readonly address: string; readonly port: number }
  /** The host exists, but nothing listens. */
  | { readonly to: 'refusal'; readonly address: string }
  /** Packets are dropped. */
  | { readonly to: 'nowhere'; readonly address: string }
  /** The name has no address. */
  | { readonly to: 'no-name' }

/** The sample's network: maps every address to a loopback port. Nothing leads outside of this machine. */
export interface Network {
  way(from: Caller, host: string, port: number): Way
  /** Adds a DNS name. */
  name(host: string, address: string): void
  /** Maps an address to a loopback port. */
  attach(address: string, port: number, loopbackPort: number): void
  detach(address: string, port: number): void
  /** Diverts one node's connections to an address. */
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

  /** Finds the destination of a Service. Without a ready pod it refuses, as with kube-proxy. An unknown address gives no answer. */
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

/** Resolves `registry.shop.svc.cluster.local` and its shorter forms. */
function clusterDns(store: ObjectStore, host: string): string | undefined {
  const [name = '', namespace, svc = 'svc'] = host.split('.')
  if (!namespace || svc !== 'svc') return undefined
  const service = store.get('services', { namespace, name })
  return service && resources.services.schema.parse(service).spec.clusterIP
}
