import type { People, Standing } from '../remediation/people.ts'
import { askSeldom } from './ask-seldom.ts'
import type { PlacePolicy } from './place-policy.ts'
import type { SlackApi, User } from './slack-api.ts'

/** Who people are and in which user groups, as Slack says. What cannot be asked is no yes. */
export function slackPeople(slack: SlackApi, places: PlacePolicy, now: () => Date): People {
  const users = askSeldom((id) => slack.user(id), now)
  const groups = askSeldom((id) => slack.usersOfGroup(id), now)

  return {
    async standing(id) {
      const user = await users(id)
      return user ? standingOf(user, places) : 'unknown'
    },
    async isInAny(user, ids) {
      const members = await Promise.all(ids.map(groups))
      return members.some((it) => it?.includes(user))
    },
  }
}

function standingOf(user: User, places: PlacePolicy): Standing {
  if (user.deleted) return 'deleted'
  if (user.bot) return 'bot'
  if (user.stranger || !places.isWorkspace(user.team)) return 'stranger'
  return user.guest ? 'guest' : 'member'
}
