import type { ResponseTarget } from '../responses.ts'
import { messageJson } from '../workspace/json.ts'
import type { Message } from '../workspace/records.ts'
import { CannotAct } from './attempts.ts'
import { showAnswer } from './courier.ts'
import type { AppAnswer, Sending } from './http.ts'
import { interactionParts } from './press.ts'
import { present, type Stage, shownMessage, shownName } from './stage.ts'

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

export interface ShortcutAct {
  readonly user: string
  readonly message: Message
  readonly callbackId: string
}

/** A person chooses the app's shortcut in the menu of a message. https://docs.slack.dev/interactivity/implementing-shortcuts */
export async function shortcut({ platform, courier }: Stage, act: ShortcutAct, sending?: Sending): Promise<AppAnswer> {
  const { workspace, responseUrls, ids, scopes } = platform
  const { user, channel } = present(platform, { user: act.user, channel: act.message.channel })
  const message = shownMessage(platform, act.message)
  if (!scopes.has('commands')) throw new CannotAct('missing-scope', 'the app has no `commands`')
  const payload = {
    type: 'message_action',
    ...interactionParts(platform, user),
    action_ts: ids.ts(),
    callback_id: act.callbackId,
    channel: { id: channel.id, name: channel.name },
    message_ts: message.ts,
    message: messageJson(message, workspace),
    response_url: responseUrls.issue({ of: 'actions', channel: channel.id, user: user.id, original: message }),
  }
  return courier.deliver('interactive', payload, sending)
}
