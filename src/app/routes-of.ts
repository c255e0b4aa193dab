import type { Configuration } from '../config/configuration.ts'
import type { Routed, Routes } from '../incidents/routes.ts'

type Channel = Configuration['channels'][number]

/** What a channel must be allowed, one of these. */
const needed: Readonly<Record<Routed['by'], readonly Channel['may'][number][]>> = {
  alert: ['alerts'],
  post: ['alerts'],
  look: ['look'],
  start: ['alerts', 'look'],
}

/** The configuration's channels, as what finds failures by itself wants to know them. */
export function routesOf({ channels }: Pick<Configuration, 'channels'>): Routes {
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
