import type { Credential } from './credential.ts'
import type { Reference } from './parse-reference.ts'
import type { PullSecret } from './read-pull-secret.ts'

/**
 * The credentials that the kubelet tries for an image, in its order: pkg/credentialprovider/keyring.go. One secret that
 * does not decode leaves the pod without any.
 */
export function matchCredentials(secrets: readonly PullSecret[], reference: Reference): readonly Credential[] {
  if (secrets.some(({ problem }) => problem?.kind === 'broken')) return []
  const image = `${reference.host}/${reference.repository}`
  const entries = secrets.flatMap(({ source, entries }) =>
    entries.map((entry) => ({ ...entry, source, key: normaliseKey(entry.key) })),
  )
  // The kubelet sorts its keys in reverse, so that the longer of two that begin alike is tried first.
  const sorted = entries.toSorted((a, b) => (a.key < b.key ? 1 : a.key > b.key ? -1 : 0))
  const matching = sorted.filter(({ key }) => matches(key, image))
  const hub =
    matching.length === 0 && reference.host === 'docker.io' ? sorted.filter(({ key }) => key === 'index.docker.io') : []
  return [...matching, ...hub].map(({ source, username, password }) => ({ source, username, password }))
}

/** `https://index.docker.io/v1/` becomes `index.docker.io`; anything else keeps its path. undefined: it is no URL. */
export function normaliseKey(key: string): string {
  const url = /^https?:\/\//.test(key) ? key : `https://${key}`
  const [, authority = '', path = ''] = /^https?:\/\/([^/?#]*)([^?#]*)/.exec(url) ?? []
  const host = authority.slice(authority.lastIndexOf('@') + 1)
  const effective = /^\/v[12]\//.test(path) ? path.slice(3) : path
  return effective === '' || effective === '/' ? host : host + effective
}

function matches(key: string, image: string): boolean {
  const [keyHost, keyPath] = split(key)
  const [imageHost, imagePath] = split(image)
  return sameHost(keyHost, imageHost) && imagePath.startsWith(keyPath)
}

function split(of: string): readonly [host: string, path: string] {
  const slash = of.indexOf('/')
  return slash < 0 ? [of, ''] : [of.slice(0, slash), of.slice(slash)]
}

/** Ports are equal as text; each label of the name may be a glob of its own. */
function sameHost(pattern: string, host: string): boolean {
  const [patternName, patternPort] = splitPort(pattern)
  const [name, port] = splitPort(host)
  const globs = patternName.split('.')
  const labels = name.split('.')
  return (
    patternPort === port &&
    globs.length === labels.length &&
    globs.every((glob, index) => globMatches(glob, labels[index] ?? ''))
  )
}

function splitPort(host: string): readonly [name: string, port: string] {
  const colon = host.lastIndexOf(':')
  return colon < 0 || host.endsWith(']') ? [host, ''] : [host.slice(0, colon), host.slice(colon + 1)]
}

/** Go's filepath.Match within one label: `*`, `?`, `[a-z]`, a backslash before any of them. */
function globMatches(glob: string, label: string): boolean {
  if (!/[*?[\\]/.test(glob)) return glob === label
  const pattern = glob.replace(
    /\\(.)|\[(\^?)([^\]]{1,50})\]|([*])|([?])|([^\w-])/g,
    (whole, escaped, not, set, star, one) => {
      if (escaped) return RegExp.escape(escaped)
      if (set) return `[${not}${set.replace(/[\\\]]/g, '\\$&')}]`
      if (star) return '[^/]*'
      return one ? '[^/]' : RegExp.escape(whole)
    },
  )
  return pattern.length < 500 && new RegExp(`^${pattern}$`).test(label)
}
