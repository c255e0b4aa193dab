import type { RequestListener } from 'node:http'
import type { Network } from '../cluster/network/network.ts'
import { type Listening, listen } from '../listen.ts'
import type { CertificateAuthority } from '../registry/certificate-authority.ts'
import { addresses } from './addresses.ts'

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
