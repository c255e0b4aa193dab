import type { RequestListener } from 'node:http'
import type { Resolve } from '../../registry/http/guarded-http.ts'
import type { Network } from '../../simulator/cluster/network.ts'
import { type Listening, listen } from '../../simulator/listen.ts'
import type { CertificateAuthority } from '../../simulator/registry/tls.ts'

/**
 * The hosts outside of the cluster, and their addresses. RFC 5737 reserves these addresses for documentation, so a real
 * connection would reach nobody.
 */
export const addresses = {
  'registry-1.docker.io': '198.51.100.10',
  'index.docker.io': '198.51.100.10',
  'auth.docker.io': '198.51.100.11',
  'ghcr.io': '198.51.100.20',
  'gcr.io': '198.51.100.30',
  'registry.acme.io': '198.51.100.40',
  'harbor.acme.io': '198.51.100.41',
  'git.acme.io': '198.51.100.50',
  'npm.acme.io': '198.51.100.51',
  'pypi.acme.io': '198.51.100.52',
  'wheels.acme.io': '198.51.100.53',
} as const

/** The registries in the cluster, by the addresses of their Services. */
export const inCluster: readonly string[] = ['10.43.170.72:5000', '10.43.201.9:5000']

/** The hosts of registries outside of the cluster. */
export const outsideRegistries: readonly string[] = [
  'docker.io',
  'registry-1.docker.io',
  'auth.docker.io',
  'ghcr.io',
  'gcr.io',
  'registry.acme.io',
  'registry.acme.io:5443',
  'harbor.acme.io',
]

/** The address that Docker Hub sees for node-6, whose gateway is shared. */
export const sharedGateway = '203.0.113.66'

/** Port 1 of loopback, where nothing listens. */
const refusing = 1

/** Resolves the sample's hosts for a client outside of the cluster. `silent`: a port that never answers. */
export function botResolve(network: Network, silent: number): Resolve {
  return async (hostname, port) => {
    const way = network.way({}, hostname, port)
    if (way.to === 'no-name')
      throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: 'ENOTFOUND', hostname })
    const loopback = way.to === 'port' ? way.port : way.to === 'refusal' ? refusing : silent
    return [{ address: '127.0.0.1', family: 4, port: loopback }]
  }
}

export type Host = keyof typeof addresses

/** Starts servers outside of the cluster, each with a certificate for its names. */
export interface Outside {
  /** Starts a server that no address leads to yet. */
  serve(hosts: readonly Host[], listener: RequestListener): Promise<Listening>
  /** Starts a server at the addresses of these hosts, on these ports. */
  open(hosts: readonly Host[], ports: readonly number[], listener: RequestListener): Promise<Listening>
}

/** Registers every name in the network. Started servers are added to `running`. */
export function outside(network: Network, authority: CertificateAuthority, running: Listening[]): Outside {
  for (const [host, address] of Object.entries(addresses)) network.name(host, address)

  async function serve(hosts: readonly Host[], listener: RequestListener): Promise<Listening> {
    const server = await listen(listener, await authority.certify(hosts))
    running.push(server)
    return server
  }

  return {
    serve,
    async open(hosts, ports, listener) {
      const server = await serve(hosts, listener)
      for (const host of hosts) for (const port of ports) network.attach(addresses[host], port, server.port)
      return server
    },
  }
}
