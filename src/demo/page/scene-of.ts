import type { LocalSlack } from '../slack/local-slack.ts'
import type { Scene } from './scene.ts'

/** What a user sees of Slack now. */
export function sceneOf(slack: LocalSlack, viewer: string): Omit<Scene, 'suggestions' | 'shortcuts' | 'extras'> {
  const channels = slack.channels.filter(({ members }) => members.has(viewer))
  const visible = new Set(channels.map(({ id }) => id))
  return {
    viewer,
    team: slack.team,
    bot: slack.bot,
    users: slack.users,
    usergroups: slack.usergroups,
    channels: channels.map((channel) => ({ ...channel, members: [...channel.members] })),
    messages: channels.flatMap(({ id }) => slack.messages(id)),
    ephemerals: slack.ephemerals(viewer).filter(({ channel }) => visible.has(channel)),
    views: slack.views(viewer),
    statuses: slack.statuses.filter(({ channel }) => visible.has(channel)),
  }
}
