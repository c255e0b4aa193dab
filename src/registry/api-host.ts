/** Where the API of a reference's host is. Docker Hub's has another name: docs.docker.com/reference/api/registry. */
export function apiHost(host: string): string {
  return host === 'docker.io' ? 'registry-1.docker.io' : host
}

// Token servers that belong to a registry of another name, as their own documentation or challenge says.
const tokenHosts: Readonly<Record<string, readonly string[]>> = {
  'registry-1.docker.io': ['auth.docker.io'],
  'registry.gitlab.com': ['gitlab.com'],
  'registry.redhat.io': ['sso.redhat.com'],
  'registry.access.redhat.com': ['sso.redhat.com'],
  'cp.icr.io': ['us.icr.io'],
  'lscr.io': ['ghcr.io'],
}

/** A credential goes to the registry's own host, whatever the port, and to the token server that is known to be its own. */
export function isTokenServerOf(realm: URL, registry: URL): boolean {
  if (realm.hostname === registry.hostname) return true
  return tokenHosts[registry.hostname]?.includes(realm.hostname) ?? false
}
