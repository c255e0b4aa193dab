interface PublicRegistry {
  /** Hosts that an image may name for it, the API's own first. */
  readonly hosts: readonly string[]
  /** Where its challenges send those who log in. */
  readonly tokenServers: readonly string[]
  /** Where its redirects lead; `*` stands for one or more labels of a name. */
  readonly blobs: readonly string[]
}

/**
 * The registries that anybody may use, which are asked over verified TLS and at public addresses alone. Sources:
 * docs.docker.com/desktop/setup/allow-list/, docs.github.com/en/packages, docs.gitlab.com (registry.gitlab.com),
 * access.redhat.com/articles/3560571 (quay.io and Red Hat), github.com/kubernetes/registry.k8s.io, cloud.google.com
 * /artifact-registry, learn.microsoft.com/azure/container-registry/container-registry-firewall-access-rules,
 * docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html, and their own challenges.
 */
const registries: readonly PublicRegistry[] = [
  {
    hosts: ['registry-1.docker.io', 'docker.io', 'index.docker.io'],
    tokenServers: ['auth.docker.io'],
    blobs: ['production.cloudflare.docker.com', 'production.cloudfront.docker.com', '*.r2.cloudflarestorage.com'],
  },
  { hosts: ['ghcr.io'], tokenServers: [], blobs: ['pkg-containers.githubusercontent.com'] },
  { hosts: ['lscr.io'], tokenServers: ['ghcr.io'], blobs: ['ghcr.io', 'pkg-containers.githubusercontent.com'] },
  { hosts: ['registry.gitlab.com'], tokenServers: ['gitlab.com'], blobs: ['cdn.registry.gitlab-static.net'] },
  { hosts: ['quay.io'], tokenServers: [], blobs: ['*.quay.io'] },
  {
    hosts: ['registry.redhat.io', 'registry.access.redhat.com'],
    tokenServers: ['sso.redhat.com'],
    blobs: ['*.quay.io'],
  },
  { hosts: ['registry.k8s.io'], tokenServers: [], blobs: ['*.pkg.dev', '*.amazonaws.com'] },
  { hosts: ['gcr.io', '*.gcr.io', '*.pkg.dev'], tokenServers: [], blobs: ['storage.googleapis.com'] },
  { hosts: ['mcr.microsoft.com'], tokenServers: [], blobs: ['*.data.mcr.microsoft.com'] },
  { hosts: ['*.azurecr.io'], tokenServers: [], blobs: ['*.blob.core.windows.net', '*.data.azurecr.io'] },
  { hosts: ['public.ecr.aws'], tokenServers: [], blobs: ['*.cloudfront.net'] },
  { hosts: ['icr.io', '*.icr.io'], tokenServers: ['us.icr.io'], blobs: [] },
]

/** Where the API of a reference's host is. Docker Hub's has another name: docs.docker.com/reference/api/registry. */
export function apiHost(host: string): string {
  return host === 'docker.io' || host === 'index.docker.io' ? 'registry-1.docker.io' : host
}

/** Whether this name, whatever the port, belongs to a registry that anybody may use: its API, token server or blobs. */
export function isPublicName(hostname: string): boolean {
  return registries.some(({ hosts, tokenServers }) => [...hosts, ...tokenServers].some((it) => isNamed(hostname, it)))
}

/**
 * A login goes to the registry's own host and port, and to the token server that is known to be its own. In clear text
 * it goes to no other host than the registry itself.
 */
export function isKnownTokenServer(realm: URL, registry: URL): boolean {
  if (realm.host === registry.host) return realm.protocol === 'https:' || registry.protocol === 'http:'
  return isEncrypted(realm) && of(registry.host).some((it) => it.tokenServers.includes(realm.hostname))
}

/** Whether it is known that this registry sends its clients there: to log in, or for what it keeps. `host`: on port 443. */
export function isKnownPartOf(host: string, registry: string): boolean {
  return of(registry).some(({ tokenServers, blobs }) => [...tokenServers, ...blobs].some((it) => isNamed(host, it)))
}

function of(registry: string): readonly PublicRegistry[] {
  return registries.filter(({ hosts }) => hosts.some((it) => isNamed(registry, it)))
}

function isEncrypted(url: URL): boolean {
  return url.protocol === 'https:' && url.port === ''
}

function isNamed(host: string, pattern: string): boolean {
  const name = host.toLowerCase()
  return pattern.startsWith('*.') ? name.endsWith(pattern.slice(1)) && !name.includes(':') : name === pattern
}
