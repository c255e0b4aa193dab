import type { Configuration } from '../config/configuration.ts'
import type { RemediationSettings } from '../remediation/settings.ts'

/** The configuration, in the terms of what acts. */
export function remediationSettings({ escalation, actions }: Configuration): RemediationSettings {
  const { enabled, image, namespace } = actions.testFromNode
  return {
    escalationGroup: escalation.group,
    registryRestarts: escalation.registryRestarts,
    restartWindow: actions.restartWindow,
    testFromNode: enabled && image ? { image, namespace } : undefined,
  }
}
