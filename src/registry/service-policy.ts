import { isTokenServerOf } from './api-host.ts'
import type { ContactPolicy } from './contact.ts'

export interface ServicePolicyOptions {
  /** Hosts that the operator names, with their ports. */
  readonly registries: readonly { readonly host: string; readonly plainHttp: boolean }[]
  /** A registry that runs in the cluster. `host` is an image's, with its port. */
  runsInCluster(host: string): Promise<boolean>
  ca(host: string): string | undefined
}

// The registries that anybody may ask, with their token servers and where they keep blobs. docs.docker.com/desktop/setup/allow-list/
// and docs.github.com/en/packages.
const always: ReadonlySet<string> = new Set([
  ...['registry-1.docker.io', 'auth.docker.io', 'production.cloudflare.docker.com'],
  ...['ghcr.io', 'pkg-containers.githubusercontent.com'],
])

/** For a program that answers to everybody in a channel: Docker Hub, GHCR, the cluster's own registries, and those named. */
export function servicePolicy({ registries, runsInCluster, ca }: ServicePolicyOptions): ContactPolicy {
  const named = new Set(registries.map(({ host }) => host))
  const known = new Map<string, Promise<boolean>>()

  function inCluster(host: string): Promise<boolean> {
    const found = known.get(host) ?? runsInCluster(host).catch(() => false)
    known.set(host, found)
    return found
  }

  async function refuses(host: string): Promise<string | undefined> {
    if (always.has(host) || named.has(host) || isOfNamed(host)) return undefined
    if (await inCluster(host)) return undefined
    return 'it is not among the registries of the configuration'
  }

  function isOfNamed(host: string): boolean {
    const url = URL.parse(`https://${host}`)
    return (
      url !== null &&
      [...named].some((it) => URL.canParse(`https://${it}`) && isTokenServerOf(url, new URL(`https://${it}`)))
    )
  }

  return {
    refuses: (host) => refuses(host),
    plainHttp: (host) => registries.some((it) => it.host === host && it.plainHttp),
    ca,
  }
}
