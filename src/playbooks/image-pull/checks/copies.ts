import { check } from '../../../diagnosis/check.ts'
import type { Resource } from '../../../kubernetes/resources.ts'
import type { Registry } from '../../../registry/registry.ts'
import { theCluster, thePermissions, theRegistry } from '../givens.ts'
import { NotAllowed } from '../not-allowed.ts'
import { reference } from './reference.ts'

/** References of the same tag under the same name in registries that run in this cluster. */
export const copies = check({
  id: 'copies',
  doing: 'Looking for a copy in the cluster',
  needs: { cluster: theCluster, registry: theRegistry, permissions: thePermissions, reference },
  async gather({ cluster, registry, permissions, reference }, signal): Promise<readonly string[]> {
    if (!permissions.registry) throw new NotAllowed('no registry was asked: --registry-access none')
    if (!reference.valid || !reference.reference.tag) return []
    const { repository, tag } = reference.reference
    const services = await cluster.list('services', {}, signal)
    const hosts = services.items.filter(mayBeRegistry).slice(0, most)
    const names = [...new Set([repository, repository.split('/').at(-1) ?? repository])]
    const asked = hosts.flatMap((service) => names.map((name) => holds(registry, service, `${name}`, tag, signal)))
    return (await Promise.all(asked)).flatMap((it) => it ?? [])
  },
})

/** In-cluster registries that are asked. */
const most = 2
/** What the distribution registry listens on, and nearly every in-cluster registry with it. */
const registryPort = 5_000

type Service = Resource<'services'>

function mayBeRegistry({ metadata, spec }: Service): boolean {
  return /registry/.test(metadata.name) && spec.ports.some(({ port }) => port === registryPort)
}

async function holds(
  registry: Registry,
  { metadata, spec }: Service,
  repository: string,
  tag: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const host = `${spec.clusterIP}:${registryPort}`
  const service = { namespace: metadata.namespace, name: metadata.name, port: registryPort, tls: false }
  // No answer of a registry that nobody asked about is no news.
  const answer = await registry.manifest({ host, repository, reference: tag, service, signal }).catch(() => undefined)
  return answer?.status === 'found' ? `${host}/${repository}:${tag}` : undefined
}
