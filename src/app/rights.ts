import type { WatchedClusters } from '../incidents/watched-cluster.ts'
import type { Permission } from '../kubernetes/cluster.ts'
import type { Log } from '../observability/log.ts'
import { actionRights } from '../remediation/action-id.ts'
import type { ActionPermission } from '../remediation/permissions.ts'
import type { Rights } from '../remediation/rights.ts'
import type { RemediationSettings } from '../remediation/settings.ts'

interface Scope {
  readonly cluster: string
  /** The watched namespaces. Empty: all of them. */
  readonly watched: readonly string[]
  /** The namespace of the probe pod. undefined: there is none. */
  readonly probe: string | undefined
}

/**
 * Lists the permissions that this program itself needs in a cluster for the actions that the configuration permits: one
 * entry for each action and namespace.
 */
export function findNeededRights(
  permissions: readonly ActionPermission[],
  { cluster, watched, probe }: Scope,
): readonly { readonly action: string; readonly needs: readonly Permission[] }[] {
  return Object.entries(actionRights).flatMap(([action, needs]) => {
    const own = permissions.filter(
      (it) =>
        (it.action === '*' || it.action === action) && (it.clusters.includes('*') || it.clusters.includes(cluster)),
    )
    if (action === 'test-from-node')
      return own.length > 0 && probe ? [{ action, needs: needs.map((it) => ({ ...it, namespace: probe })) }] : []
    const named = new Set(own.flatMap(({ namespaces }) => namespaces))
    const places = named.has('*') ? (watched.length > 0 ? watched : [undefined]) : [...named]
    return own.length === 0
      ? []
      : places.map((namespace) => ({ action, needs: needs.map((it) => ({ ...it, ...(namespace && { namespace }) })) }))
  })
}

interface RightsDependencies {
  readonly clusters: WatchedClusters
  readonly permissions: readonly ActionPermission[]
  readonly rights: Rights
  readonly settings: RemediationSettings
}

/** Warns of each action that the configuration permits although RBAC denies it to imagepull. Its button is hidden. */
export async function warnOfMissingRights(
  { clusters, permissions, rights, settings }: RightsDependencies,
  log: Log,
): Promise<void> {
  const probe = settings.testFromNode?.namespace
  for (const { cluster, namespaces } of clusters.values()) {
    for (const { action, needs } of findNeededRights(permissions, {
      cluster: cluster.name,
      watched: namespaces,
      probe,
    })) {
      const missing = await rights.missing(cluster, needs).catch(() => [])
      if (missing.length > 0)
        log.warn('an action is not offered because rights are missing: see deploy/rbac-actions.yaml', {
          action,
          cluster: cluster.name,
          missing,
        })
    }
  }
}
