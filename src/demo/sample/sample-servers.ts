import type { RequestListener } from 'node:http'
import type { Network } from '../cluster/network/network.ts'
import { type Listening, listen } from '../listen.ts'
import type { Accounts } from '../registry/accounts.ts'
import { basicAccess } from '../registry/basic-access.ts'
import type { CertificateAuthority } from '../registry/certificate-authority.ts'
import { handshakeBreaker } from '../registry/handshake-breaker.ts'
import type { PullQuota } from '../registry/pull-quota.ts'
import { registryListener } from '../registry/registry-listener.ts'
import type { HandleRegistry } from '../registry/registry-request.ts'
import { type RegistryStorage, registryStorage } from '../registry/registry-storage.ts'
import { sampleRegistry } from '../registry/sample-registry.ts'
import { tokenAccess } from '../registry/token-access.ts'
import { addresses, sharedGateway } from './addresses.ts'
import { type PackageMirror, packageMirror } from './package-mirror.ts'

/** Everything outside of the cluster that something in it talks to. */
export interface SampleServers {
  readonly hub: { readonly storage: RegistryStorage; readonly quota: PullQuota }
  readonly ghcr: { readonly storage: RegistryStorage }
  readonly gcr: { readonly storage: RegistryStorage }
  /** With user name and password. */
  readonly acme: { readonly storage: RegistryStorage; readonly accounts: Accounts }
  /** With tokens. */
  readonly harbor: { readonly storage: RegistryStorage; readonly accounts: Accounts }
  /** Source archives, by path: `/shop/cart/archive/main.tar.gz`. */
  readonly sources: Map<string, Buffer>
  readonly npm: PackageMirror
  /** Of large Python packages. */
  readonly wheels: PackageMirror
  /** Loopback ports that a node may meet instead of Docker Hub. */
  readonly ports: { readonly hubForGateway: number; readonly brokenTls: number }
  stop(): Promise<void>
}

type Host = keyof typeof addresses

/** Starts them, and tells the network where each of them is. */
export async function sampleServers(network: Network, authority: CertificateAuthority): Promise<SampleServers> {
  const running: Listening[] = []

  async function serve(hosts: readonly Host[], listener: RequestListener): Promise<Listening> {
    const server = await listen(listener, await authority.certify(hosts))
    running.push(server)
    return server
  }

  async function open(hosts: readonly Host[], ports: readonly number[], listener: RequestListener): Promise<Listening> {
    const server = await serve(hosts, listener)
    for (const host of hosts) for (const port of ports) network.attach(addresses[host], port, server.port)
    return server
  }

  for (const [host, address] of Object.entries(addresses)) network.name(host, address)
  const hub = dockerHub()
  const hubHosts = ['registry-1.docker.io', 'index.docker.io'] as const
  await open(hubHosts, [443], registryListener(hub.registry))
  await open(['auth.docker.io'], [443], registryListener(hub.tokens))
  const hubForGateway = await serve(hubHosts, registryListener(hub.registry, sharedGateway))
  const ghcr = await openRegistry(open)
  const gcr = { storage: registryStorage() }
  await open(['gcr.io'], [443], registryListener(sampleRegistry(gcr.storage, { catalogue: false })))
  const acme = { storage: registryStorage(), accounts: new Map([['deploy', 'acme-deploy-password']]) }
  const asked = sampleRegistry(acme.storage, { access: basicAccess(acme.accounts, 'Acme Registry') })
  await open(['registry.acme.io'], [443, 5443], registryListener(asked))
  const harbor = harborRegistry()
  await open(['harbor.acme.io'], [443], registryListener(harbor.handle))
  const sources = new Map<string, Buffer>()
  await open(['git.acme.io'], [443], archives(sources))
  const npm = packageMirror()
  const wheels = packageMirror()
  const npmServer = await open(['npm.acme.io'], [443], npm.listener)
  npm.onReach((up) => {
    if (up) network.attach(addresses['npm.acme.io'], 443, npmServer.port)
    else network.detach(addresses['npm.acme.io'], 443)
  })
  await open(['pypi.acme.io'], [443], packageMirror().listener)
  await open(['wheels.acme.io'], [443], wheels.listener)
  const breaker = await handshakeBreaker()
  running.push(breaker)
  return {
    hub,
    ghcr,
    gcr,
    acme,
    harbor,
    sources,
    npm,
    wheels,
    ports: { hubForGateway: hubForGateway.port, brokenTls: breaker.port },
    stop: async () => void (await Promise.all(running.map((it) => it.close()))),
  }
}

function dockerHub() {
  const storage = registryStorage()
  const quota: PullQuota = { limit: 100, used: new Map() }
  const realm = 'https://auth.docker.io/token'
  const isPublic = (repository: string) => storage.repositories.has(repository)
  const access = tokenAccess({
    realm,
    service: 'registry.docker.io',
    accounts: new Map(),
    isPublic,
    discreet: 'grants-nothing',
  })
  const registry = sampleRegistry(storage, { access, quota, catalogue: false })
  const tokens: HandleRegistry = async (request) => access.issue(request) ?? { status: 404 }
  return { storage, quota, registry, tokens }
}

type Open = (hosts: readonly Host[], ports: readonly number[], listener: RequestListener) => Promise<Listening>

async function openRegistry(open: Open): Promise<SampleServers['ghcr']> {
  const storage = registryStorage()
  const isPublic = (repository: string) => storage.repositories.has(repository)
  const access = tokenAccess({
    realm: 'https://ghcr.io/token',
    service: 'ghcr.io',
    accounts: new Map(),
    isPublic,
    discreet: 'denies',
  })
  const registry = sampleRegistry(storage, { access, catalogue: false })
  await open(
    ['ghcr.io'],
    [443],
    registryListener(async (request) => access.issue(request) ?? registry(request)),
  )
  return { storage }
}

function harborRegistry() {
  const storage = registryStorage()
  const accounts: Accounts = new Map()
  const realm = 'https://harbor.acme.io/service/token'
  const access = tokenAccess({
    realm,
    service: 'harbor-registry',
    accounts,
    isPublic: () => false,
    discreet: 'grants-nothing',
  })
  const registry = sampleRegistry(storage, { access })
  const handle: HandleRegistry = async (request) => access.issue(request) ?? registry(request)
  return { storage, accounts, handle }
}

function archives(sources: ReadonlyMap<string, Buffer>): RequestListener {
  return ({ url = '/' }, response) => {
    const archive = sources.get(url)
    response.writeHead(archive ? 200 : 404, { 'content-type': 'application/gzip' }).end(archive)
  }
}
