import { hostOfImage } from './image-names.ts'
import { hostOf, isMirror, isSameHost, mirrorFailed } from './mirror.ts'
import type { Kind, Row } from './row.ts'

const blobHostBlocked: Row = {
  id: 'blob-host-blocked',
  says: { 'registry-timeout': [], 'registry-refused': [], 'tls-handshake': [], 'tls-untrusted': [] },
  example:
    'Failed to pull image "registry.k8s.io/kube-proxy:v1.30.0": failed to copy: httpReadSeeker: failed open: failed to do request: Get "https://prod-registry-k8s-io-eu-west-1.s3.dualstack.eu-west-1.amazonaws.com/containers/images/sha256:00": dial tcp 52.218.1.1:443: i/o timeout',
  lasting: 'final',
  atMost: 'likely',
  title: 'Host of layers or tokens is blocked',
  means:
    'The registry of {image} answers and sends {node} on to {host} for layers or tokens, and {node} cannot reach {host}.',
  remedies: [
    { kind: 'advice', title: 'Allow {host} as well where the way out of {node} is restricted (firewall, proxy, DNS)' },
    { kind: 'advice', title: 'Or pull through a mirror that fetches the layers itself' },
  ],
}

const localImage: Row = {
  id: 'local-image-not-on-node',
  says: {
    'registry-refused': [],
    'registry-timeout': [],
    'dns-failure': [],
    'tls-handshake': [],
    'tls-untrusted': [],
    'http-https-mismatch': [],
    'registry-server-error': [],
  },
  example:
    'Failed to pull image "localhost/app:1": initializing source docker://localhost/app:1: pinging container registry localhost: Get "https://localhost/v2/": dial tcp [::1]:443: connect: connection refused',
  lasting: 'final',
  atMost: 'likely',
  title: 'Image was never pushed to a registry',
  means:
    '{image} has a name that build tools give to images of their own machine. {node} does not have it, and no registry answers to {host}.',
  remedies: [
    { kind: 'advice', title: 'Push the image to a registry, and name it in Git by that registry' },
    {
      kind: 'advice',
      title: 'On a local cluster, load it onto the nodes (kind load, minikube image load, k3d image import)',
    },
  ],
}

/** Causes that no word tells, but the host that the node contacted. */
export const decidedByHost: readonly Row[] = [mirrorFailed, blobHostBlocked, localImage]

export interface Contact {
  readonly kind: Kind
  readonly cause?: string
  /** The whole message. */
  readonly text: string
  readonly url: string | undefined
  readonly image: string | undefined
  readonly host: string | undefined
}

/** The id of the cause that the contacted host decides; undefined where it decides nothing. */
export function causeByHost(contact: Contact): string | undefined {
  const { kind, cause, text, url, image } = contact
  if (cause === 'login-locked' || cause === 'registry-outage') return undefined
  if (isLocalName(contact)) return localImage.id
  if (kind !== 'runtime-failure' || cause === 'pull-stalled') {
    if (isMirror(kind, text, url, image)) return mirrorFailed.id
  }
  if (isIndexChild(contact)) return 'index-child-missing'
  return isSentOn(contact) ? blobHostBlocked.id : undefined
}

// Names that podman, buildah, ko, kind and k3d give to what was never pushed. With a port it is a registry of the node.
const localHosts = /^(?:localhost|(?:ko|kind|dev|minikube|k3d|docker)\.local)$/

function isLocalName({ kind, image }: Contact): boolean {
  return image !== undefined && kind in localImage.says && localHosts.test(hostOfImage(image))
}

/** A tag that was found, and a manifest that is asked for by its digest and is not there: its index names it. */
function isIndexChild({ kind, cause, text, url, image }: Contact): boolean {
  if (kind !== 'image-not-found' && cause !== 'blob-missing') return false
  if (!image || image.includes('@') || !hasTag(image)) return false
  if (url && /\/manifests\/sha\d{3}:/.test(url)) return true
  return /\breading manifest sha\d{3}:[a-f0-9]{1,128} in /i.test(text)
}

function hasTag(image: string): boolean {
  return image.lastIndexOf(':') > image.lastIndexOf('/')
}

// Only what the node meets before any answer: a transfer that breaks has reached the host.
const unreached: ReadonlySet<string> = new Set([
  'registry-timeout',
  'registry-refused',
  'registry-unroutable',
  'tls-handshake-failed',
  'tls-handshake-timeout',
])

const dockerHub: ReadonlySet<string> = new Set(['registry-1.docker.io', 'index.docker.io', 'registry.hub.docker.com'])

/** The registry named another host for a layer or a token: so it answered itself. */
function isSentOn({ kind, cause, url, image }: Contact): boolean {
  if (!url || !cause || !unreached.has(cause) || !(kind in blobHostBlocked.says)) return false
  if (!image) return /\/(?:sha256|blobs)[:/].{0,300}[?&](?:X-Amz-|Expires=|signature=|sig=|verify=)/i.test(url)
  if (/\/v2\/?$/.test(url)) return false
  const wanted = hostOfImage(image)
  return wanted === 'docker.io' ? !dockerHub.has(hostOf(url)) : !isSameHost(hostOf(url), wanted)
}
