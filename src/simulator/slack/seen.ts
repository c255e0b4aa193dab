import type { LocalSlack } from './local-slack.ts'
import type { Platform } from './platform.ts'
import { viewStack } from './views.ts'
import { plainText } from './workspace/plain-text.ts'

/**
 * Milliseconds. "If no message is sent within two minutes":
 * https://docs.slack.dev/reference/methods/assistant.threads.setStatus
 */
const statusLifetime = 120_000

type Seen = Pick<
  LocalSlack,
  | 'team'
  | 'bot'
  | 'users'
  | 'usergroups'
  | 'channels'
  | 'messages'
  | 'message'
  | 'thread'
  | 'ephemerals'
  | 'views'
  | 'statuses'
  | 'plainText'
  | 'calls'
>

/** Returns a live view of the state of the local Slack. */
export function seenOf({ workspace, clock, calls }: Platform): Seen {
  return {
    team: workspace.team,
    bot: workspace.bot,
    get users() {
      return [...workspace.users.values()]
    },
    get usergroups() {
      return [...workspace.usergroups.values()]
    },
    get channels() {
      return [...workspace.channels.values()]
    },
    messages: workspace.messages,
    message: workspace.message,
    thread: (channel, ts) => workspace.messages(channel).filter((each) => each.ts === ts || each.threadTs === ts),
    ephemerals: (user) => workspace.ephemerals.filter((each) => each.user === user),
    views: (user) => viewStack(workspace, user),
    get statuses() {
      return workspace.statuses.filter((each) => clock.now() - each.at < statusLifetime)
    },
    plainText: (of) => plainText(of, workspace.nameOf),
    calls,
  }
}
