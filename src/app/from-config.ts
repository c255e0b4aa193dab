import type { AlertRules } from '../alertmanager/rules.ts'
import type { Configuration } from '../config/configuration.ts'
import type { RegistryFiles } from '../config/registry-files.ts'
import type { Routed, Routes } from '../incidents/alerts/routes.ts'
import type { Log } from '../observability/log.ts'
import type { Settings } from '../playbooks/image-pull/inputs.ts'
import { type Credential, matchCredentials, readPullSecret } from '../registry/auth/keyring.ts'
import type { RemediationSettings } from '../remediation/settings.ts'
import type { PlacePolicy } from '../slack/access.ts'

/** The configuration, in the playbook's own terms. */
export function toPlaybookSettings(configuration: Configuration, files: readonly RegistryFiles[]): Settings {
  const { gitops, registries, escalation } = configuration
  return {
    gitops,
    mirrors: registries.flatMap(({ host, mirrorOf }) => (mirrorOf ? [{ host, of: mirrorOf }] : [])),
    registryRestarts: escalation.registryRestarts,
    login: (host) => loginOf(host, files),
  }
}

/** A Docker configuration file is what a pull secret holds, so it is read and matched in the same way. */
async function loginOf(host: string, files: readonly RegistryFiles[]): Promise<Credential | undefined> {
  const json = files.find((it) => it.host === host)?.credentials?.()
  if (!json) return undefined
  const data = { '.dockerconfigjson': Buffer.from(json).toString('base64') }
  const secret = await readPullSecret(`the configured login for ${host}`, 'kubernetes.io/dockerconfigjson', data)
  const [login] = await matchCredentials([secret], { host, repository: '' })
  return login
}

/** Which alerts are read, and what of them: by the configuration. */
export function toAlertRules({
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
export function countIgnoredRules(count: (name: string) => void, log: Pick<Log, 'info'>): (name: string) => void {
  const known = new Set<string>()
  return (name) => {
    const isNew = !known.has(name) && known.size < mostNames
    if (isNew) known.add(name)
    count(known.has(name) ? name : 'other')
    if (isNew) log.info('alerts of a rule are not read: alerts.names does not list it', { rule: name })
  }
}

/** The configuration's channels, in the terms of what listens to Slack. `clusters` are the names of all of them. */
export function toPlacePolicy(
  configuration: Configuration,
  clusters: readonly string[],
  ownTeam: () => string,
): PlacePolicy {
  const { channels, workspaces } = configuration
  return {
    isWorkspace: (team) => team !== '' && (workspaces.length > 0 ? workspaces.includes(team) : team === ownTeam()),
    rightsOf(id) {
      const channel = channels.find((it) => it.id === id)
      if (!channel) return undefined
      const all = channel.clusters.includes('*')
      return {
        clusters: all ? clusters : clusters.filter((name) => channel.clusters.includes(name)),
        namespaces: channel.namespaces,
        may: new Set(channel.may),
        shared: channel.shared,
      }
    },
    channels: channels.filter(({ may }) => may.includes('commands')).map(({ id }) => id),
  }
}

/** The configuration, in the terms of what acts. */
export function toRemediationSettings({ escalation, actions }: Configuration): RemediationSettings {
  const { enabled, image, namespace } = actions.testFromNode
  return {
    escalationGroup: escalation.group,
    registryRestarts: escalation.registryRestarts,
    restartWindow: actions.restartWindow,
    testFromNode: enabled && image ? { image, namespace } : undefined,
  }
}

type Channel = Configuration['channels'][number]

/** What a channel must be allowed, one of these. */
const needed: Readonly<Record<Routed['by'], readonly Channel['may'][number][]>> = {
  alert: ['alerts'],
  post: ['alerts'],
  look: ['look'],
  start: ['alerts', 'look'],
}

/** The configuration's channels, as what finds failures by itself wants to know them. */
export function toRoutes({ channels }: Pick<Configuration, 'channels'>): Routes {
  return {
    channelsFor: (of) => channels.filter((channel) => isFor(channel, of)).map(({ id }) => id),
    mayKnow(id, namespace) {
      const channel = channels.find((it) => it.id === id)
      return channel === undefined || covers(channel.namespaces, namespace) // a direct message is answered by its own rights
    },
    tells: (cluster, by) => channels.some(({ may, clusters }) => may.includes(by) && covers(clusters, cluster)),
  }
}

function isFor({ may, clusters, namespaces, severities, labels }: Channel, of: Routed): boolean {
  return (
    needed[of.by].some((it) => may.includes(it)) &&
    covers(clusters, of.cluster) &&
    covers(namespaces, of.namespace) &&
    (of.by !== 'alert' || severities.includes(of.severity ?? 'warning')) &&
    (of.by === 'post' || Object.entries(labels).every(([name, value]) => of.labels[name] === value))
  )
}

function covers(listed: readonly string[], name: string): boolean {
  return listed.includes('*') || listed.includes(name)
}
