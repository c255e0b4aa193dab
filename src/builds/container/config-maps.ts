import { mapInTurns } from '../../event-loop.ts'
import type { Cluster } from '../../kubernetes/cluster.ts'
import { ClusterError } from '../../kubernetes/errors.ts'
import type { Container } from '../../kubernetes/resources.ts'
import type { BuildSource } from '../build.ts'
import { isOpen, recogniseBuilds } from '../recognise.ts'
import { type ConfigMaps, findConfigMaps, mountedConfigMaps } from './variables.ts'

export interface ConfigMapsRead {
  of(namespace: string): ConfigMaps
  /** Those that may not be read, or are too many. */
  readonly unread: number
}

/** ConfigMaps that are read in one diagnosis, and characters of one of them. */
const limits = { maps: 20, characters: 131_072 } as const

/** Reads the ConfigMaps without which a destination stays open. Secrets are never read. */
export async function readConfigMaps(
  cluster: Pick<Cluster, 'get'>,
  sources: readonly BuildSource[],
  signal?: AbortSignal,
): Promise<ConfigMapsRead> {
  const wanted = new Map<string, { readonly namespace: string; readonly name: string }>()
  for (const it of (await mapInTurns(sources, 1, wantedBy)).flat()) wanted.set(`${it.namespace}/${it.name}`, it)
  const asked = [...wanted.values()].slice(0, limits.maps)
  const byNamespace = new Map<string, Map<string, Readonly<Record<string, string>>>>()
  let unread = wanted.size - asked.length
  await Promise.all(
    asked.map(async ({ namespace, name }) => {
      const data = await dataOf(cluster, namespace, name, signal)
      if (!data) unread += 1
      else byNamespace.set(namespace, (byNamespace.get(namespace) ?? new Map()).set(name, data))
    }),
  )
  return { of: (namespace) => byNamespace.get(namespace) ?? new Map(), unread }
}

/** undefined: it may not be read. One that is not there has no data. */
async function dataOf(
  cluster: Pick<Cluster, 'get'>,
  namespace: string,
  name: string,
  signal?: AbortSignal,
): Promise<Readonly<Record<string, string>> | undefined> {
  try {
    const map = await cluster.get('configmaps', { namespace, name }, signal)
    const entries = Object.entries(map?.data ?? {}).map(([key, value]) => [key, value.slice(0, limits.characters)])
    return Object.fromEntries(entries)
  } catch (error) {
    if (error instanceof ClusterError && !signal?.aborted) return undefined
    throw error
  }
}

function wantedBy({ metadata: { namespace }, spec }: BuildSource) {
  const containers = [...spec.initContainers, ...spec.containers].slice(0, 50)
  const naming = containers.filter((it) => findConfigMaps(it, spec.volumes).length > 0)
  if (naming.length === 0) return []
  const isOpenBuild = mayBeOpen(spec)
  return naming
    .filter((it) => isOpenBuild || runsMounted(it, spec.volumes))
    .flatMap((it) => findConfigMaps(it, spec.volumes).map((name) => ({ namespace, name })))
}

function mayBeOpen(spec: BuildSource['spec']): boolean {
  try {
    return recogniseBuilds(spec).builds.some((it) => it.open || it.destinations.some(isOpen))
  } catch {
    return false
  }
}

/** Its command or arguments name a file below a mounted ConfigMap. */
function runsMounted({ command, args, volumeMounts }: Container, volumes: BuildSource['spec']['volumes']): boolean {
  const paths = volumeMounts
    .filter((mount) => volumes.some((it) => it.name === mount.name && mountedConfigMaps(it).length > 0))
    .map((it) => it.mountPath)
  const words = [...command, ...args].slice(0, 100)
  return paths.some((path) => path.length > 1 && words.some((word) => word.slice(0, 4_096).includes(path)))
}
