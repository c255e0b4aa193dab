import { apiHost, isKnownPartOf, isPublicName } from '../../../registry/http/public-registries.ts'
import type { Reference } from '../../../registry/reference.ts'
import type { ContainerPull } from '../inputs.ts'

/**
 * The mirror whose answer the kubelet quotes, so that the registry behind it may answer otherwise. undefined: the words are
 * the registry's own, or do not tell.
 */
export function mirrorIn({ said }: ContainerPull, { host }: Reference): string | undefined {
  const { upstream, host: asked, cause, kind, url } = said?.reading ?? {}
  if (upstream !== undefined || cause === 'mirror-failed') return asked ?? 'of the node'
  if (!asked) return undefined
  const registry = apiHost(host)
  if (isSame(asked, host) || isSame(asked, registry) || isKnownPartOf(asked, registry)) return undefined
  // Layers may come from anywhere, and a token server may be on any host. Of public registries all hosts are known.
  if (kind === 'image-not-found') return url === undefined || url.includes('/manifests/') ? asked : undefined
  const isRefusal = kind === 'auth-required' || kind === 'auth-denied'
  return isRefusal && isPublicName(registry) ? asked : undefined
}

/** A URL may write or leave out the usual port. */
function isSame(a: string, b: string): boolean {
  return a.replace(/:443$/, '') === b.replace(/:443$/, '')
}
