import type { Resolve } from '../../registry/guarded-http.ts'
import type { Network } from '../cluster/network/network.ts'

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
