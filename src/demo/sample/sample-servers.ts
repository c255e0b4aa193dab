import type { RequestListener } from 'node:http'
import type { Network } from '../cluster/network/network.ts'
import type { Listening } from '../listen.ts'
import type { CertificateAuthority } from '../registry/certificate-authority.ts'
import { handshakeBreaker } from '../registry/handshake-breaker.ts'
import { silentServer } from '../registry/silent-server.ts'
import { addresses } from './addresses.ts'
import { outside } from './outside.ts'
import { type PackageMirror, packageMirror } from './package-mirror.ts'
import { type SampleRegistries, sampleRegistries } from './sample-registries.ts'

/** Everything outside of the cluster that something in it talks to. */
export interface SampleServers extends SampleRegistries {
  /** Source archives, by path: `/shop/cart/archive/main.tar.gz`. */
  readonly sources: Map<string, Buffer>
  readonly npm: PackageMirror
  /** Of large Python packages. */
  readonly wheels: PackageMirror
  /** Loopback ports of what breaks TLS, and of what never answers. */
  readonly ports: { readonly brokenTls: number; readonly silent: number }
}

/** Starts them, and tells the network where each of them is. What is started is added to `running`. */
export async function sampleServers(
  network: Network,
  authority: CertificateAuthority,
  running: Listening[],
): Promise<SampleServers> {
  const internet = outside(network, authority, running)
  const registries = await sampleRegistries(internet)
  const sources = new Map<string, Buffer>()
  await internet.open(['git.acme.io'], [443], archives(sources))
  const npm = packageMirror()
  const wheels = packageMirror()
  const npmServer = await internet.open(['npm.acme.io'], [443], npm.listener)
  npm.onReach((up) => {
    if (up) network.attach(addresses['npm.acme.io'], 443, npmServer.port)
    else network.detach(addresses['npm.acme.io'], 443)
  })
  await internet.open(['pypi.acme.io'], [443], packageMirror().listener)
  await internet.open(['wheels.acme.io'], [443], wheels.listener)
  const breaker = await handshakeBreaker()
  const silent = await silentServer()
  running.push(breaker, silent)
  return { ...registries, sources, npm, wheels, ports: { brokenTls: breaker.port, silent: silent.port } }
}

function archives(sources: ReadonlyMap<string, Buffer>): RequestListener {
  return ({ url = '/' }, response) => {
    const archive = sources.get(url)
    response.writeHead(archive ? 200 : 404, { 'content-type': 'application/gzip' }).end(archive)
  }
}
