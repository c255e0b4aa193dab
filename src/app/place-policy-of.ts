import type { Configuration } from '../config/configuration.ts'
import type { PlacePolicy } from '../slack/place-policy.ts'

/** The configuration's channels, in the terms of what listens to Slack. `clusters` are the names of all of them. */
export function placePolicyOf(
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
