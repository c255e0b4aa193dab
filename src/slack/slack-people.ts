import type { People, Standing } from '../remediation/people.ts'
import { askSeldom } from './ask-seldom.ts'
import type { PlacePolicy } from './place-policy.ts'
import type { Outcome, SlackApi, User } from './slack-api.ts'

/** Who people are and in which user groups, as Slack says. What cannot be asked is no yes. */
export function slackPeople(slack: SlackApi, places: PlacePolicy, now: () => Date): People {
  const users = askSeldom((id) => userOf(slack, id), now)
  const groups = askSeldom((id) => slack.usersOfGroup(id), now)

  return {
    async standing(id) {
      const user = await users(id)
      if (user === undefined || user === 'not-granted') return user ?? 'unknown'
      return standingOf(user, places)
    },
    async isInAny(user, ids) {
      const members = await Promise.all(ids.map(groups))
      return members.some((it) => it?.includes(user))
    },
  }
}

/** That the app may never ask is an answer, too. */
async function userOf(slack: SlackApi, id: string): Promise<Outcome<User | 'not-granted'>> {
  const answer = await slack.user(id)
  const notGranted = answer.outcome === 'refused' && answer.error === 'missing_scope'
  return notGranted ? { outcome: 'done', value: 'not-granted' } : answer
}

function standingOf(user: User, places: PlacePolicy): Standing {
  if (user.deleted) return 'deleted'
  if (user.bot) return 'bot'
  if (user.stranger || !places.isWorkspace(user.team)) return 'stranger'
  return user.guest ? 'guest' : 'member'
}
