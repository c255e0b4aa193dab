import { type ContactPolicy, isKnownWay, misplaced, type NamedRegistry } from './contact.ts'
import { apiHost } from './public-registries.ts'

export interface ServicePolicyOptions {
  readonly registries: readonly NamedRegistry[]
  /** Whether this address is one of a Service of the cluster that `host`, an image's with its port, means. */
  runsInCluster(host: string, address: string): Promise<boolean>
  ca(host: string): string | undefined
}

/** The public registries that anybody may ask about. */
const always: ReadonlySet<string> = new Set(['registry-1.docker.io', 'ghcr.io'])

/**
 * For a program that answers to everybody in a channel: Docker Hub, GHCR, the cluster's own registries, and those that
 * the operator names. Where one of them redirects, or names its token server, that has to be itself, a part of it that
 * is known, or named as well: a registry in the cluster may belong to anybody who can run a pod.
 */
export function servicePolicy({ registries, runsInCluster, ca }: ServicePolicyOptions): ContactPolicy {
  const named = new Set(registries.map(({ host }) => apiHost(host)))
  const known = new Map<string, Promise<boolean>>()

  function inCluster(host: string, address: string): Promise<boolean> {
    const key = JSON.stringify([host, address])
    const found = known.get(key) ?? runsInCluster(host, address).catch(() => false)
    known.set(key, found)
    return found
  }

  return {
    async refuses(host, address, registry) {
      if (named.has(host)) return undefined
      if (host !== registry)
        return isKnownWay(host, address, registry) ? undefined : `${registry} leads there, and nobody named it`
      if (always.has(host)) return misplaced(host, address)
      if (await inCluster(host, address)) return undefined
      return 'it is not among the registries of the configuration, and no Service of the cluster has that address'
    },
    plainHttp: (host) => registries.some((it) => it.host === host && it.plainHttp),
    ca,
  }
}
