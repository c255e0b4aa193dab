import type { AlertRules } from '../alertmanager/alert-rules.ts'
import type { Configuration } from '../config/configuration.ts'

/** Which alerts are read, and what of them: by the configuration. */
export function alertRulesOf({ alerts, channels }: Pick<Configuration, 'alerts' | 'channels'>): AlertRules {
  const { names, clusterLabel, patterns } = alerts
  return {
    names: new Set(names),
    clusterLabel,
    labels: [...new Set(channels.flatMap((channel) => Object.keys(channel.labels)))],
    patterns,
  }
}
