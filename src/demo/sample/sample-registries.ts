import type { Accounts } from '../registry/accounts.ts'
import { basicAccess } from '../registry/basic-access.ts'
import type { PullQuota } from '../registry/pull-quota.ts'
import { registryListener } from '../registry/registry-listener.ts'
import type { HandleRegistry } from '../registry/registry-request.ts'
import { type RegistryStorage, registryStorage } from '../registry/registry-storage.ts'
import { sampleRegistry } from '../registry/sample-registry.ts'
import { type TokenAccessOptions, tokenAccess } from '../registry/token-access.ts'
import { sharedGateway } from './addresses.ts'
import type { Outside } from './outside.ts'

/** The registries outside of the cluster. */
export interface SampleRegistries {
  readonly hub: {
    readonly storage: RegistryStorage
    readonly quota: PullQuota
    /** The loopback port of Docker Hub as it is met from behind the shared gateway. */
    readonly gatewayPort: number
  }
  readonly ghcr: { readonly storage: RegistryStorage }
  readonly gcr: { readonly storage: RegistryStorage }
  /** With user name and password. */
  readonly acme: { readonly storage: RegistryStorage; readonly accounts: Accounts }
  /** With tokens. */
  readonly harbor: { readonly storage: RegistryStorage; readonly accounts: Accounts }
}

export async function sampleRegistries(outside: Outside): Promise<SampleRegistries> {
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

/** Strangers may have whatever is there. */
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
