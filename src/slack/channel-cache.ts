import type { PlacePolicy } from './access.ts'
import type { Channel, SlackApi } from './api.ts'

/** Why a thread cannot be shown: a code of Slack's, or one of ours. */
export type ThreadProblem = string

/** What is known of channels, asked of Slack seldom. */
export interface ChannelKnowledge {
  /** Why nothing may be posted there, as far as is known; undefined: it may. Throws where Slack does not say. */
  refusalOf(channel: string): Promise<ThreadProblem | undefined>
  /** Everybody of the workspace may read it. */
  isOpen(channel: string): Promise<boolean>
  /** Another organisation reads it, and the configuration does not allow that. */
  isShared(channel: string): Promise<boolean>
}

/** Milliseconds that an answer counts. A channel that could not be used is asked about again at once. */
const channelsRemembered = 10 * 60_000

export function channelKnowledge(slack: SlackApi, places: PlacePolicy, now: () => Date): ChannelKnowledge {
  const known = new Map<string, { readonly channel: Channel; readonly at: number }>()

  async function ask(id: string): Promise<Channel | ThreadProblem> {
    const before = known.get(id)
    if (before && now().getTime() - before.at < channelsRemembered) return before.channel
    const answer = await slack.channel(id)
    if (answer.outcome === 'refused') return answer.error
    if (answer.outcome !== 'done') throw new Error(`Slack does not tell about a channel: ${answer.outcome}`)
    if (answer.value.member) known.set(id, { channel: answer.value, at: now().getTime() })
    return answer.value
  }

  function isForeign(id: string, { shared }: Channel): boolean {
    return shared && !places.rightsOf(id)?.shared
  }

  return {
    async refusalOf(id) {
      const channel = await ask(id)
      if (typeof channel === 'string') return channel
      if (channel.archived) return 'is_archived'
      if (!channel.member) return 'not_in_channel'
      return isForeign(id, channel) ? 'shared' : undefined
    },
    async isOpen(id) {
      const channel = await ask(id)
      return typeof channel !== 'string' && !channel.private
    },
    async isShared(id) {
      const channel = await ask(id)
      return typeof channel !== 'string' && isForeign(id, channel)
    },
  }
}
