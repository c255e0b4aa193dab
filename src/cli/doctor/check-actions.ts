import { toRemediationSettings } from '../../app/from-config.ts'
import { findNeededRights } from '../../app/rights.ts'
import type { Configuration } from '../../config/configuration.ts'
import type { WatchedCluster } from '../../incidents/watched-cluster.ts'
import { ClusterError } from '../../kubernetes/errors.ts'
import { createRights } from '../../remediation/rights.ts'
import { counted, plain, text } from '../../text.ts'
import type { Finding } from './finding.ts'

/** Checks that imagepull has the rights for the actions that the configuration permits. Empty if it permits none. */
export async function checkActions(
  { name, cluster, namespaces }: WatchedCluster,
  configuration: Configuration,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const subject = `actions in ${name}`
  const probe = toRemediationSettings(configuration).testFromNode?.namespace
  const wanted = findNeededRights(configuration.permissions, { cluster: name, watched: namespaces, probe })
  if (wanted.length === 0) return []
  const { missingNow } = createRights(() => new Date())
  try {
    const looks = wanted.map(async ({ action, needs }) => ({
      action,
      missing: await missingNow(cluster, needs, signal),
    }))
    const lacking = (await Promise.all(looks)).filter(({ missing }) => missing.length > 0)
    const actions = new Set(wanted.map(({ action }) => action))
    if (lacking.length === 0)
      return [
        {
          subject,
          state: 'ok',
          message: plain(text`all rights for ${counted(actions.size, 'action', 'actions')} are granted`),
        },
      ]
    return lacking.map(({ action, missing }) => ({
      subject,
      state: 'warning',
      message: `${action}: not allowed to ${missing.join(', ')}; its button is hidden`,
      fix: 'Grant it: `rbac.actions` in the values of the chart, or the ClusterRole in deploy/rbac-actions.yaml.',
    }))
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error
    return [] // checkCluster reports that the cluster cannot be reached
  }
}
