import { hostOfImage } from './image-names.ts'
import type { Row } from './row.ts'

/** Decided by the host in the URL, not by words: see `isMirror`. */
export const mirrorFailed: Row = {
  id: 'mirror-failed',
  says: {
    'registry-server-error': [],
    'registry-refused': [],
    'registry-timeout': [],
    'dns-failure': [],
    'tls-handshake': [],
    'tls-untrusted': [],
    'http-https-mismatch': [],
    'runtime-failure': [],
  },
  example:
    'failed to pull and unpack image "upstream.test:5500/team/app:1.0": failed to resolve image: unexpected status from HEAD request to http://mirror.test:5507/v2/team/app/manifests/1.0?ns=upstream.test%3A5500: 503 Service Unavailable',
  lasting: 'transient',
  title: 'Mirror fails',
  means: 'The nodes were told to pull {image} through the mirror {host}, and it is the mirror that fails.',
  remedies: [
    {
      kind: 'advice',
      title:
        'Repair the mirror {host}, or let the nodes fall back to the registry itself (hosts.toml, registries.yaml)',
    },
  ],
}

/** The kinds at which a mirror's own failure shows. What it holds or allows is its upstream's matter too. */
const mirrorKinds: ReadonlySet<string> = new Set(Object.keys(mirrorFailed.says))

// Where runtimes are sent on, rightly: Docker Hub's API, and the stores that registries keep layers in.
const docker = new Set(['registry-1.docker.io', 'auth.docker.io', 'index.docker.io', 'registry.hub.docker.com'])

/** A runtime that asks a mirror says which registry it stands for: containerd's `ns` parameter, CRI-O's own words. */
export function isMirror(kind: string, text: string, url: string | undefined, image: string | undefined): boolean {
  if (!mirrorKinds.has(kind)) return false
  if (text.includes('Mirrors also failed: [')) return true
  if (!url) {
    const host = pulledFrom(text)
    return host !== undefined && image !== undefined && isAnother(host, image)
  }
  const upstream = upstreamOf(url)
  if (upstream !== undefined) return !isSameHost(upstream, hostOf(url))
  // containerd always tells a mirror which registry it stands for; without that it was sent on by the registry.
  if (/\bfailed to do request: |\brequest to http/.test(text)) return false
  if (!image || !/\/v2\/\S{1,300}\/(?:manifests|blobs)\//.test(url)) return false
  return isAnother(hostOf(url), image) && (hostOfImage(image) === 'docker.io' || url.includes('/manifests/'))
}

/** The host that containerd 1.6 asked: it names no URL where it was refused with a status. */
export function pulledFrom(text: string): string | undefined {
  return /\bpulling from host ([\w.:[\]-]{1,260}) failed\b/.exec(text)?.[1]
}

function isAnother(host: string, image: string): boolean {
  const wanted = hostOfImage(image)
  return wanted === 'docker.io'
    ? !docker.has(host) && !host.endsWith('.docker.com') && !host.endsWith('.docker.io')
    : !isSameHost(host, wanted)
}

/** With its port as the URL writes it. */
export function hostOf(url: string): string {
  return /^https?:\/\/(?:[^/?#@]{0,300}@)?([^/?#@\\]{1,300})/i.exec(url)?.[1]?.toLowerCase() ?? ''
}

/** Whether both name the same place: a URL may write or leave out its usual port. */
export function isSameHost(a: string, b: string): boolean {
  return a.replace(/:(?:443|80)$/, '') === b.replace(/:(?:443|80)$/, '')
}

export function upstreamOf(url: string): string | undefined {
  return URL.canParse(url) ? (new URL(url).searchParams.get('ns') ?? undefined) : undefined
}
