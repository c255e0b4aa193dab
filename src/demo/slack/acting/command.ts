import type { ResponseTarget } from '../show-response.ts'
import type { AppAnswer } from './app-answer.ts'
import { CannotAct } from './cannot-act.ts'
import type { Sending } from './http-post.ts'
import { present } from './present.ts'
import { showAnswer } from './show-answer.ts'
import { shownName } from './shown-name.ts'
import type { Stage } from './stage.ts'

/** Slack has no slash commands in threads. */
export interface CommandAct {
  readonly user: string
  readonly channel: string
  /** With its slash. */
  readonly command: string
  readonly text?: string
}

/** A person types a slash command. https://docs.slack.dev/interactivity/implementing-slash-commands */
export async function command({ platform, courier }: Stage, act: CommandAct, sending?: Sending): Promise<AppAnswer> {
  const { user, channel } = present(platform, act)
  const { workspace, scopes, triggers, responseUrls } = platform
  if (!scopes.has('commands')) throw new CannotAct('missing-scope', 'the app has no `commands`')
  const target: ResponseTarget = { of: 'commands', channel: channel.id, user: user.id }
  const fields = {
    token: 'deprecated',
    team_id: workspace.team.id,
    team_domain: workspace.team.domain,
    channel_id: channel.id,
    channel_name: shownName(channel),
    user_id: user.id,
    user_name: user.name,
    command: act.command,
    text: act.text ?? '',
    api_app_id: workspace.bot.appId,
    is_enterprise_install: 'false',
    response_url: responseUrls.issue(target),
    trigger_id: triggers.issue(user.id),
  }
  const answer = await courier.deliver('slash_commands', fields, sending)
  return showAnswer(answer, (body) => responseUrls.show(target, typeof body === 'string' ? { text: body } : body))
}
