import type { RequestListener } from 'node:http'
import type { Resolve } from '../../registry/http/guarded-http.ts'
import type { Network } from '../../simulator/cluster/network.ts'
import { type Listening, listen } from '../../simulator/listen.ts'
import type { CertificateAuthority } from '../../simulator/registry/tls.ts'

/**
 * Who is outside of the cluster, and where. Addresses are those that RFC 5737 keeps for documentation: should one ever be
 * dialled for real, nobody is there.
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

/** Registries that run in the cluster, by the addresses of their Services. */
export const inCluster: readonly string[] = ['10.43.170.72:5000', '10.43.201.9:5000']

/** Registries elsewhere, and the names under which they are asked. */
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

/** What Docker Hub sees of node-6, whose gateway many share. */
export const sharedGateway = '203.0.113.66'

/** Port 1 of loopback: nobody listens there. */
const refusing = 1

/** What leads somebody outside of the cluster to the sample's hosts. `silent`: the port that stands for no answer at all. */
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
  /** Somebody listens, and no address leads there yet. */
  serve(hosts: readonly Host[], listener: RequestListener): Promise<Listening>
  /** At the addresses of those names, on these ports. */
  open(hosts: readonly Host[], ports: readonly number[], listener: RequestListener): Promise<Listening>
}

/** Tells the network every name. What is started is added to `running`. */
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
