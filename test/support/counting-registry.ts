import { createRegistry } from '../../src/registry/client.ts'
import type { Manners } from '../../src/registry/manners/manners.ts'
import type { Registry } from '../../src/registry/registry.ts'
import { listen } from '../../src/simulator/listen.ts'
import { tokenAccess } from '../../src/simulator/registry/access.ts'
import { registryListener, sampleRegistry } from '../../src/simulator/registry/server.ts'
import { addImage, type RegistryStorage, registryStorage } from '../../src/simulator/registry/storage.ts'
import { certificateAuthority } from '../../src/simulator/registry/tls.ts'

export interface CountingRegistry {
  readonly host: string
  /** What it and its token server were asked, in order: "HEAD /v2/app-0/manifests/1.0". */
  readonly asked: readonly string[]
  readonly storage: RegistryStorage
  /** A client of one diagnosis. */
  open(manners: Manners, answers?: 'recent' | 'new'): Registry
  close(): Promise<void>
}

/** A private registry with tokens on loopback, over TLS: `app-0:1.0` is there, for the account `robot`. */
export async function countingRegistry(): Promise<CountingRegistry> {
  const host = 'registry.example'
  const authority = await certificateAuthority('test')
  const asked: string[] = []
  const accounts = new Map([['robot', 'c4n4ry']])
  const access = tokenAccess({
    ...{ realm: `https://${host}/token`, service: 'test', accounts, discreet: 'grants-nothing' },
    isPublic: () => false,
  })
  const storage = registryStorage()
  addImage(storage, { repository: 'app-0', tags: ['1.0'] })
  const registry = sampleRegistry(storage, { access })
  const server = await listen(
    registryListener(async (request) => {
      asked.push(`${request.method} ${request.url.pathname}`)
      return access.issue(request) ?? registry(request)
    }),
    await authority.certify([host]),
  )
  return {
    ...{ host, asked, storage, close: server.close },
    open: (manners, answers = 'recent') =>
      createRegistry({
        policy: { refuses: () => undefined, plainHttp: () => false, ca: () => authority.pem },
        resolve: async () => [{ address: '127.0.0.1', family: 4, port: server.port }],
        sharing: { manners, cluster: 'test', answers },
      }),
  }
}
