import type { RequestListener } from 'node:http'
import type { Network } from '../../simulator/cluster/network.ts'
import type { Listening } from '../../simulator/listen.ts'
import { type Accounts, basicAccess, type TokenAccessOptions, tokenAccess } from '../../simulator/registry/access.ts'
import type { PullQuota } from '../../simulator/registry/content.ts'
import type { HandleRegistry } from '../../simulator/registry/request.ts'
import { registryListener, sampleRegistry } from '../../simulator/registry/server.ts'
import { type RegistryStorage, registryStorage } from '../../simulator/registry/storage.ts'
import { type CertificateAuthority, handshakeBreaker, silentServer } from '../../simulator/registry/tls.ts'
import { addresses, type Outside, outside, sharedGateway } from './addresses.ts'
import { type PackageMirror, packageMirror } from './files.ts'

/** The servers outside of the cluster that its programs contact. */
export interface SampleServers extends SampleRegistries {
  /** Source archives, by path: `/shop/cart/archive/main.tar.gz`. */
  readonly sources: Map<string, Buffer>
  readonly npm: PackageMirror
  /** A mirror of large Python packages. */
  readonly wheels: PackageMirror
  /** The loopback ports of a server that breaks TLS, and of one that never answers. */
  readonly ports: { readonly brokenTls: number; readonly silent: number }
}

/** Starts the servers and registers them in the network. Started servers are added to `running`. */
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

/** The registries outside of the cluster. */
interface SampleRegistries {
  readonly hub: {
    readonly storage: RegistryStorage
    readonly quota: PullQuota
    /** The loopback port of Docker Hub for clients behind the shared gateway. */
    readonly gatewayPort: number
  }
  readonly ghcr: { readonly storage: RegistryStorage }
  readonly gcr: { readonly storage: RegistryStorage }
  /** A registry with Basic authentication. */
  readonly acme: { readonly storage: RegistryStorage; readonly accounts: Accounts }
  /** A registry with token authentication. */
  readonly harbor: { readonly storage: RegistryStorage; readonly accounts: Accounts }
}

async function sampleRegistries(outside: Outside): Promise<SampleRegistries> {
  return {
    hub: await dockerHub(outside),
    ghcr: await githubRegistry(outside),
    gcr: await googleRegistry(outside),
    acme: await acmeRegistry(outside),
    harbor: await harborRegistry(outside),
  }
}

async function dockerHub({ open, serve }: Outside): Promise<SampleRegistries['hub']> {
  const storage = registryStorage()
  const quota: PullQuota = { limit: 100, used: new Map() }
  const realm = 'https://auth.docker.io/token'
  const access = tokenAccess({ ...publicIn(storage), realm, service: 'registry.docker.io', discreet: 'grants-nothing' })
  const registry = sampleRegistry(storage, { access, quota, catalogue: false })
  const hosts = ['registry-1.docker.io', 'index.docker.io'] as const
  await open(hosts, [443], registryListener(registry))
  await open(
    ['auth.docker.io'],
    [443],
    registryListener(async (request) => access.issue(request) ?? { status: 404 }),
  )
  const gateway = await serve(hosts, registryListener(registry, sharedGateway))
  return { storage, quota, gatewayPort: gateway.port }
}

/** Makes every existing image public. */
function publicIn(storage: RegistryStorage): Pick<TokenAccessOptions, 'accounts' | 'isPublic'> {
  return { accounts: new Map(), isPublic: (repository) => storage.repositories.has(repository) }
}

async function githubRegistry({ open }: Outside): Promise<SampleRegistries['ghcr']> {
  const storage = registryStorage()
  const realm = 'https://ghcr.io/token'
  const access = tokenAccess({ ...publicIn(storage), realm, service: 'ghcr.io', discreet: 'denies' })
  const registry = sampleRegistry(storage, { access, catalogue: false })
  await open(
    ['ghcr.io'],
    [443],
    registryListener(async (request) => access.issue(request) ?? registry(request)),
  )
  return { storage }
}

async function googleRegistry({ open }: Outside): Promise<SampleRegistries['gcr']> {
  const storage = registryStorage()
  await open(['gcr.io'], [443], registryListener(sampleRegistry(storage, { catalogue: false })))
  return { storage }
}

async function acmeRegistry({ open }: Outside): Promise<SampleRegistries['acme']> {
  const storage = registryStorage()
  const accounts: Accounts = new Map([['deploy', 'acme-deploy-password']])
  const registry = sampleRegistry(storage, { access: basicAccess(accounts, 'Acme Registry') })
  await open(['registry.acme.io'], [443, 5443], registryListener(registry))
  return { storage, accounts }
}

async function harborRegistry({ open }: Outside): Promise<SampleRegistries['harbor']> {
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
  await open(['harbor.acme.io'], [443], registryListener(handle))
  return { storage, accounts }
}
