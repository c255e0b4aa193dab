import type { Log } from '../observability/log.ts'
import type { RemediationWorld } from '../remediation/remediation-world.ts'
import { wantedRights } from './wanted-rights.ts'

/** At start: what people are allowed by the configuration, and this program is not by the cluster. Its buttons stay away. */
export async function tellMissingRights(
  { incidents, permissions, rights, settings }: RemediationWorld,
  log: Log,
): Promise<void> {
  const probe = settings.testFromNode?.namespace
  for (const { cluster, namespaces } of incidents.clusters.values()) {
    for (const { action, needs } of wantedRights(permissions, { cluster: cluster.name, watched: namespaces, probe })) {
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
