import type { AlertRules } from '../alertmanager/rules.ts'
import type { Configuration } from '../config/configuration.ts'
import type { RegistryFiles } from '../config/registry-files.ts'
import type { Notice, Routes } from '../incidents/alerts/routes.ts'
import type { IncidentSettings, IncidentTiming } from '../incidents/settings.ts'
import type { Log } from '../observability/log.ts'
import type { Settings } from '../playbooks/image-pull/inputs.ts'
import { type Credential, matchCredentials, readPullSecret } from '../registry/auth/keyring.ts'
import type { OwnLogins } from '../registry/identity/own-logins.ts'
import type { RemediationSettings } from '../remediation/settings.ts'
import type { PlacePolicy } from '../slack/access.ts'

/** Returns the settings of the playbook. */
export function toPlaybookSettings(
  configuration: Configuration,
  files: readonly RegistryFiles[],
  logins: OwnLogins = async () => undefined,
): Settings {
  const { gitops, registries, escalation } = configuration
  return {
    gitops,
    mirrors: registries.flatMap(({ host, mirrorOf }) => (mirrorOf ? [{ host, of: mirrorOf }] : [])),
    registryRestarts: escalation.registryRestarts,
    login: async (host) => (await logins(host)) ?? findLogin(host, files),
  }
}

/** A pull secret contains a Docker configuration file, so a configured file is read and matched in the same way. */
async function findLogin(host: string, files: readonly RegistryFiles[]): Promise<Credential | undefined> {
  const json = files.find((it) => it.host === host)?.credentials?.()
  if (!json) return undefined
  const data = { '.dockerconfigjson': Buffer.from(json).toString('base64') }
  const secret = await readPullSecret(
    `imagepull's own login for ${host}, whose rights are not the node's`,
    'kubernetes.io/dockerconfigjson',
    data,
  )
  const [login] = await matchCredentials([secret], { host, repository: '' })
  return login
}

/** Returns the rules by which alerts are read. */
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

/** The number of different names that are logged: a sender can invent any number of them. */
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

/** Returns the channels in which the bot may be used. @param clusters The names of all watched clusters. */
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

/** Returns the settings of the actions. */
export function toRemediationSettings({ escalation, actions }: Configuration): RemediationSettings {
  const { enabled, image, namespace } = actions.testFromNode
  return {
    escalationGroup: escalation.group,
    registryRestarts: escalation.registryRestarts,
    restartWindow: actions.restartWindow,
    testFromNode: enabled && image ? { image, namespace } : undefined,
  }
}

/** Returns the settings of incidents. @param settle Milliseconds in which several reports of the same failure arrive. */
export function toIncidentSettings(
  { incidents, alerts }: Pick<Configuration, 'incidents' | 'alerts'>,
  settle: number,
  timing: IncidentTiming,
): IncidentSettings {
  return { ...timing, grace: incidents.grace, join: incidents.join, settle, others: alerts.others }
}

type Channel = Configuration['channels'][number]

/** A channel is notified if its configuration allows it one of these. */
const needed: Readonly<Record<Notice['by'], readonly Channel['may'][number][]>> = {
  alert: ['alerts'],
  post: ['alerts'],
  look: ['look'],
  start: ['alerts', 'look'],
}

/** Returns the rules by which channels are notified of failures. */
export function toRoutes({ channels }: Pick<Configuration, 'channels'>): Routes {
  return {
    channelsFor: (notice) => channels.filter((channel) => isFor(channel, notice)).map(({ id }) => id),
    mayKnow(id, namespace) {
      const channel = channels.find((it) => it.id === id)
      return channel === undefined || covers(channel.namespaces, namespace) // a direct message is answered by its own rights
    },
    isNotified: (cluster, by) => channels.some(({ may, clusters }) => may.includes(by) && covers(clusters, cluster)),
  }
}

function isFor({ may, clusters, namespaces, severities, labels }: Channel, notice: Notice): boolean {
  return (
    needed[notice.by].some((it) => may.includes(it)) &&
    covers(clusters, notice.cluster) &&
    covers(namespaces, notice.namespace) &&
    (notice.by !== 'alert' || severities.includes(notice.severity ?? 'warning')) &&
    (notice.by === 'post' || Object.entries(labels).every(([name, value]) => notice.labels[name] === value))
  )
}

function covers(listed: readonly string[], name: string): boolean {
  return listed.includes('*') || listed.includes(name)
}
