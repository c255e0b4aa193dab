import type { ActionPlaces } from '../remediation/remediation-world.ts'
import { askSeldom } from './ask-seldom.ts'
import type { PlacePolicy } from './place-policy.ts'
import type { SlackApi } from './slack-api.ts'

/** In which channels something may be done: those that the configuration lists for it, and that nobody else reads. */
export function slackPlaces(slack: SlackApi, places: PlacePolicy, now: () => Date): ActionPlaces {
  const channels = askSeldom((id) => slack.channel(id), now)

  return {
    async allows(id, { changes, cluster, namespace }) {
      const rights = places.rightsOf(id)
      if (!rights?.may.has(changes ? 'actions' : 'commands')) return false
      if (!rights.clusters.includes(cluster)) return false
      if (!rights.namespaces.includes('*') && !rights.namespaces.includes(namespace)) return false
      const channel = await channels(id)
      return channel !== undefined && (!channel.shared || rights.shared)
    },
  }
}
