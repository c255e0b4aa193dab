import type { Permission } from '../kubernetes/cluster.ts'
import type { Log } from '../observability/log.ts'
import { actionRights } from '../remediation/action-rights.ts'
import type { ActionPermission } from '../remediation/may-act.ts'
import type { RemediationWorld } from '../remediation/remediation-world.ts'

/** At start: what people are allowed by the configuration, and this program is not by the cluster. Its buttons stay away. */
export async function tellMissingRights(
  { incidents, permissions, rights, settings }: RemediationWorld,
  log: Log,
): Promise<void> {
  for (const { cluster, namespaces } of incidents.clusters.values()) {
    for (const { action, needs } of wanted(permissions, cluster.name, namespaces, settings.testFromNode?.namespace)) {
      const missing = await rights.missing(cluster, needs).catch(() => [])
      if (missing.length > 0)
        log.warn('an action is not offered, for want of rights: see deploy/rbac-actions.yaml', {
          action,
          cluster: cluster.name,
          missing,
        })
    }
  }
}

function wanted(
  permissions: readonly ActionPermission[],
  cluster: string,
  watched: readonly string[],
  probe: string | undefined,
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
