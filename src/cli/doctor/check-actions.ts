import { remediationSettings } from '../../app/from-config.ts'
import { wantedRights } from '../../app/rights.ts'
import type { Configuration } from '../../config/configuration.ts'
import type { WatchedCluster } from '../../incidents/watched-cluster.ts'
import { ClusterError } from '../../kubernetes/errors.ts'
import { createRights } from '../../remediation/rights.ts'
import type { Finding } from './finding.ts'

/** Whether this program may do in a cluster what the configuration allows people. Nothing, where nobody is allowed anything. */
export async function lookAtActions(
  { name, cluster, namespaces }: WatchedCluster,
  configuration: Configuration,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const of = `actions in ${name}`
  const probe = remediationSettings(configuration).testFromNode?.namespace
  const wanted = wantedRights(configuration.permissions, { cluster: name, watched: namespaces, probe })
  if (wanted.length === 0) return []
  const { missingNow } = createRights(() => new Date())
  try {
    const looks = wanted.map(async ({ action, needs }) => ({
      action,
      missing: await missingNow(cluster, needs, signal),
    }))
    const lacking = (await Promise.all(looks)).filter(({ missing }) => missing.length > 0)
    const actions = new Set(wanted.map(({ action }) => action))
    if (lacking.length === 0) return [{ of, state: 'ok', says: `all rights of ${actions.size} are there` }]
    return lacking.map(({ action, missing }) => ({
      of,
      state: 'unsure',
      says: `${action}: not allowed to ${missing.join(', ')}; its button stays away`,
      fix: 'deploy/rbac-actions.yaml has what is missing, and how to bind it there.',
    }))
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error
    return [] // that it cannot be asked is told elsewhere
  }
}
