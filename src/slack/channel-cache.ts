import type { PlacePolicy } from './access.ts'
import type { Channel, SlackApi } from './api.ts'

/** Why a thread cannot be posted: an error code of Slack's, or `shared`. */
export type ThreadProblem = string

/** Answers questions about channels, from Slack's answers of the last minutes. */
export interface ChannelCache {
  /** Tells why nothing can be posted in a channel; undefined: it can. Throws where Slack does not answer. */
  refusalOf(channel: string): Promise<ThreadProblem | undefined>
  /** Tells whether everybody in the workspace can read it. */
  isOpen(channel: string): Promise<boolean>
  /** Tells whether another organisation reads it although the configuration does not allow that. */
  isShared(channel: string): Promise<boolean>
}

/** Milliseconds for which an answer is kept. Slack is asked again at once about a channel that could not be used. */
const channelsRemembered = 10 * 60_000

export function createChannelCache(slack: SlackApi, places: PlacePolicy, now: () => Date): ChannelCache {
  const known = new Map<string, { readonly channel: Channel; readonly at: number }>()

  async function ask(id: string): Promise<Channel | ThreadProblem> {
    const before = known.get(id)
    if (before && now().getTime() - before.at < channelsRemembered) return before.channel
    const answer = await slack.channel(id)
    if (answer.outcome === 'refused') return answer.error
    if (answer.outcome !== 'done') throw new Error(`Slack gave no answer about a channel: ${answer.outcome}`)
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
