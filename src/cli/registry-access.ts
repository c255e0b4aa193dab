/**
 * How a registry may be asked. `direct`: by a connection from here; `proxy` and `exec`: only one that runs in the cluster,
 * through the API server or in its own pod; `auto`: direct, and by the proxy where that fails; `none`: not at all.
 */
export const registryAccess = ['auto', 'direct', 'proxy', 'exec', 'none'] as const
export type RegistryAccess = (typeof registryAccess)[number]
