import type { Credential } from './credential.ts'
import { globMatches } from './go-glob.ts'
import { type GoUrl, parseGoUrl, splitGoHost } from './go-url.ts'
import type { Reference } from './parse-reference.ts'
import type { PullSecret } from './read-pull-secret.ts'

/**
 * The credentials that the kubelet tries for an image, in its order: pkg/credentialprovider/keyring.go. One secret that
 * does not decode leaves the pod without any. Where one secret has two keys that mean the same, Go's own order is random.
 */
export function matchCredentials(secrets: readonly PullSecret[], reference: Reference): readonly Credential[] {
  if (secrets.some(({ problem }) => problem?.kind === 'broken')) return []
  const image = `${reference.host}/${reference.repository}`
  const entries = secrets.flatMap(({ source, entries }) =>
    entries.flatMap((entry) => {
      const key = normaliseKey(entry.key)
      return key === undefined ? [] : [{ ...entry, source, key }]
    }),
  )
  const target = parseGoUrl(`https://${image}`)
  const matching = target ? entries.filter(({ key }) => matches(key, target)) : []
  const hub =
    matching.length === 0 && isOfDockerHub(image) ? entries.filter(({ key }) => key === 'index.docker.io') : []
  // The kubelet sorts its keys in reverse, so that the longer of two that begin alike is tried first.
  const sorted = [...matching, ...hub].toSorted((a, b) => (a.key < b.key ? 1 : a.key > b.key ? -1 : 0))
  return sorted.map(({ source, username, password }) => ({ source, username, password }))
}

/**
 * `https://index.docker.io/v1/` becomes `index.docker.io`; anything else keeps its path. The result has one character for
 * each byte of its UTF-8, and so sorts as Go's strings do. undefined: it is no URL, and the kubelet ignores it.
 */
export function normaliseKey(key: string): string | undefined {
  const written = Buffer.from(key).toString('latin1')
  const url = parseGoUrl(/^https?:\/\//.test(written) ? written : `https://${written}`)
  if (!url) return undefined
  const effective = /^\/v[12]\//.test(url.path) ? url.path.slice(3) : url.path
  return effective === '/' ? url.host : url.host + effective
}

/** Ports are equal as text, the key's path begins the image's, and each label of the key's name may be a glob. */
function matches(key: string, target: GoUrl): boolean {
  const pattern = parseGoUrl(`https://${key}`)
  if (!pattern || !target.path.startsWith(pattern.path)) return false
  const [globs, globPort] = splitGoHost(pattern.host)
  const [name, port] = splitGoHost(target.host)
  if (globPort !== port) return false
  const labels = name.split('.')
  const patterns = globs.split('.', labels.length + 1)
  return patterns.length === labels.length && patterns.every((glob, index) => globMatches(glob, labels[index] ?? ''))
}

/** isDefaultRegistryMatch: a host without dot and colon counts as Docker Hub, `localhost` included. */
function isOfDockerHub(image: string): boolean {
  const host = image.slice(0, image.indexOf('/'))
  return host === 'docker.io' || host === 'index.docker.io' || (host !== '' && !/[.:]/.test(host))
}
