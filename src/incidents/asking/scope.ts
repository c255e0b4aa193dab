/** What the place of a question may know: names of clusters, and namespaces of each of them, or `*` for all namespaces. */
export interface Scope {
  readonly clusters: readonly string[]
  readonly namespaces: readonly string[]
}

/** Lists every cluster about which anything may be known, once. */
export function clustersIn(scopes: readonly Scope[]): readonly string[] {
  return [...new Set(scopes.flatMap(({ clusters }) => clusters))]
}

/** Lists the namespaces of one cluster that may be known; `*`: all of them. */
export function namespacesIn(scopes: readonly Scope[], cluster: string): readonly string[] {
  const own = scopes.filter(({ clusters }) => clusters.includes(cluster)).flatMap(({ namespaces }) => namespaces)
  return own.includes('*') ? ['*'] : [...new Set(own)]
}

/** Tells whether one and the same scope names the cluster and the namespace. */
export function isInScope(scopes: readonly Scope[], cluster: string, namespace: string): boolean {
  const known = namespacesIn(scopes, cluster)
  return known.includes('*') || known.includes(namespace)
}
