import type { AlertRules } from '../alertmanager/alert-rules.ts'
import type { Configuration } from '../config/configuration.ts'
import type { Log } from '../observability/log.ts'

/** Which alerts are read, and what of them: by the configuration. */
export function alertRulesOf({
  alerts,
  channels,
  clusters,
}: Pick<Configuration, 'alerts' | 'channels' | 'clusters'>): AlertRules {
  const { names, reasons, clusterLabel, patterns } = alerts
  return {
    names: new Set(names),
    reasons: new Set(reasons),
    clusters: new Set(clusters.map(({ name }) => name)),
    clusterLabel,
    labels: [...new Set(channels.flatMap((channel) => Object.keys(channel.labels)))],
    patterns,
  }
}

/** Different names that are told of: a sender may make up any number of them. */
const mostNames = 200

/**
 * Counts the rules whose alerts are not read, and logs each of them once, so that an operator sees what `alerts.names` does
 * not list.
 */
export function noticeTurnedAway(count: (name: string) => void, log: Pick<Log, 'info'>): (name: string) => void {
  const known = new Set<string>()
  return (name) => {
    const isNew = !known.has(name) && known.size < mostNames
    if (isNew) known.add(name)
    count(known.has(name) ? name : 'other')
    if (isNew) log.info('alerts of a rule are not read: alerts.names does not list it', { rule: name })
  }
}
