import { onTestFinished } from 'vitest'
import { toPlaybookSettings } from '../../src/app/from-config.ts'
import { readConfiguration } from '../../src/config/read-configuration.ts'
import type { Cluster } from '../../src/kubernetes/cluster.ts'
import { readObjects } from '../../src/preflight/manifests/objects.ts'
import { type PreflightOptions, preflight } from '../../src/preflight/preflight.ts'
import type { CheckWorld } from '../../src/preflight/pull-check.ts'
import type { ImageReport } from '../../src/preflight/report.ts'
import { createRegistry } from '../../src/registry/client.ts'
import type { Rule } from '../../src/simulator/cluster/api/address.ts'
import { memoryCluster } from '../../src/simulator/cluster/memory-cluster.ts'
import { listen } from '../../src/simulator/listen.ts'
import { registryListener, type SampleRegistryOptions, sampleRegistry } from '../../src/simulator/registry/server.ts'
import { addImage, registryStorage, type SampleImage } from '../../src/simulator/registry/storage.ts'

export interface GivenWorld {
  readonly images?: readonly SampleImage[]
  /** Manifests of the cluster. Without a node there it has `node-1`, linux/amd64. HOST stands for the registry. */
  readonly cluster?: string | ((host: string) => string)
  readonly forbid?: readonly Rule[]
  readonly registry?: SampleRegistryOptions
}

const oneNode = nodeManifest('node-1', 'amd64')

/** A node, with more of its specification where that matters. */
export function nodeManifest(name: string, architecture: string, spec: object = {}, more: object = {}): string {
  return JSON.stringify({
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/arch': architecture, 'kubernetes.io/os': 'linux' } },
    spec,
    // It has pulled from the registry before.
    status: { nodeInfo: { architecture, operatingSystem: 'linux' }, images: [{ names: ['HOST/other:1'] }], ...more },
  })
}

/** A registry on loopback that counts what it is asked, until the test ends. */
export async function servedRegistry({ images = [], registry = {} }: Pick<GivenWorld, 'images' | 'registry'>) {
  const storage = registryStorage()
  for (const image of images) addImage(storage, image)
  const asked: string[] = []
  const serve = sampleRegistry(storage, registry)
  const server = await listen(
    registryListener((request) => {
      asked.push(`${request.method} ${request.url.pathname}`)
      return serve(request)
    }),
  )
  onTestFinished(server.close)
  return { host: `127.0.0.1:${server.port}`, storage, asked }
}

/** A cluster in memory and a registry on loopback, which both count what they are asked, until the test ends. */
export async function preflightWorld({ images = [], cluster = '', forbid = [], registry = {} }: GivenWorld) {
  const { host, storage, asked } = await servedRegistry({ images, registry })
  const filled = (text: string): string => text.replaceAll('HOST', host)
  const given = typeof cluster === 'string' ? filled(cluster) : cluster(host)
  const manifests = /\bkind"?: ?"?Node\b/.test(given) ? given : `${filled(oneNode)}\n---\n${given}`
  const memory = memoryCluster(manifests, { forbid })

  /** What preflight says of these manifests, the worst first. */
  async function check(yaml: string, options: Partial<PreflightOptions> = {}) {
    const { objects } = readObjects([{ name: 'app.yaml', text: filled(yaml) }])
    return preflight(objects, checkWorld(memory), { namespace: 'shop', platforms: [], offline: false, ...options })
  }
  return { host, storage, asked, cluster: memory, check }
}

/** What a check of pulls uses, with secrets and registries allowed. A defect fails the test. */
export function checkWorld(cluster: Cluster): CheckWorld {
  return {
    cluster,
    registry: createRegistry({ policy: { refuses: () => undefined, plainHttp: () => true } }),
    permissions: { secrets: true, registry: true },
    settings: toPlaybookSettings(readConfiguration(undefined), []),
    signal: new AbortController().signal,
    defect(where, error): never {
      throw new Error(`a defect in ${where.id}`, { cause: error })
    },
  }
}

/** `fails: tag-missing`, `pulls: mutable-tag` or `unknown`. */
export function shortOf({ checked }: ImageReport): string {
  const notes = checked.notes.map(({ id }) => id)
  const first = checked.status === 'fails' ? [checked.diagnosis.verdict.cause] : []
  const said = [...first, ...notes].join(', ')
  return said ? `${checked.status}: ${said}` : checked.status
}

/** A Deployment of one container. */
export function deployment(image: string, spec: object = {}, container: object = {}): string {
  return JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { template: { spec: { containers: [{ name: 'main', image, ...container }], ...spec } } },
  })
}
