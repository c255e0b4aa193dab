import type { Channel } from '../workspace/records.ts'
import { CannotAct } from './attempts.ts'
import { tellApp } from './deliveries.ts'
import type { AppAnswer } from './http.ts'
import { present, type Stage } from './stage.ts'

export interface ChannelAct {
  readonly user: string
  readonly channel: string
}

const letters = { public: 'C', private: 'G', dm: 'D', mpim: 'G' } as const

/** Actions of members on a channel, with the events for the app. https://docs.slack.dev/reference/events */
export const changeChannel = {
  async inviteBot(stage: Stage, act: ChannelAct): Promise<AppAnswer> {
    const { workspace } = stage.platform
    const { user, channel } = present(stage.platform, act)
    const changed = { ...channel, members: new Set([...channel.members, workspace.bot.userId]) }
    workspace.putChannel(changed)
    return tellApp(stage, changed, {
      type: 'member_joined_channel',
      user: workspace.bot.userId,
      channel: channel.id,
      channel_type: letters[channel.kind],
      team: workspace.team.id,
      inviter: user.id,
    })
  },

  /** The app still receives the event about its removal. */
  async kickBot(stage: Stage, act: ChannelAct): Promise<AppAnswer> {
    const { workspace } = stage.platform
    const { user, channel } = present(stage.platform, act)
    if (!channel.members.has(workspace.bot.userId)) throw new CannotAct('no-such-user', 'the bot is not there')
    const members = new Set([...channel.members].filter((member) => member !== workspace.bot.userId))
    workspace.putChannel({ ...channel, members })
    return tellApp(stage, channel, { type: ofKind(channel, 'left'), channel: channel.id, actor_id: user.id })
  },

  async archive(stage: Stage, act: ChannelAct): Promise<AppAnswer> {
    const { user, channel } = present(stage.platform, act)
    stage.platform.workspace.putChannel({ ...channel, isArchived: true })
    return tellApp(stage, channel, {
      type: ofKind(channel, 'archive'),
      channel: channel.id,
      user: user.id,
      is_moved: 0,
    })
  },

  /** With another organisation. */
  async share(stage: Stage, act: ChannelAct): Promise<AppAnswer> {
    const { channel } = present(stage.platform, act)
    const changed = { ...channel, isExtShared: true }
    stage.platform.workspace.putChannel(changed)
    return tellApp(stage, changed, { type: 'channel_shared', channel: channel.id, connected_team_id: 'T0STRANGER1' })
  },
} as const

function ofKind({ kind }: Channel, what: 'left' | 'archive'): string {
  return `${kind === 'public' ? 'channel' : 'group'}_${what}`
}
