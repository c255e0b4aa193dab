import type { Platform } from '../platform.ts'
import type { User } from '../workspace/records.ts'

/** What every interaction says. https://docs.slack.dev/reference/interaction-payloads */
export function interactionParts({ workspace, triggers }: Platform, user: User) {
  const { team, bot } = workspace
  return {
    token: 'deprecated',
    team: { id: team.id, domain: team.domain },
    user: { id: user.id, username: user.name, name: user.name, team_id: user.teamId },
    api_app_id: bot.appId,
    is_enterprise_install: false,
    enterprise: null,
    trigger_id: triggers.issue(user.id),
  }
}
