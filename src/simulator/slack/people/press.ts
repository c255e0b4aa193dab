import type { Platform } from '../platform.ts'
import { viewStack } from '../views.ts'
import { messageJson, viewJson } from '../workspace/json.ts'
import type { Ephemeral, Message, User, View } from '../workspace/records.ts'
import { CannotAct } from './attempts.ts'
import { actionOf, findElement, type Wanted } from './elements.ts'
import type { AppAnswer, Sending } from './http.ts'
import { present, type Stage, shownMessage } from './stage.ts'

/** The place of a pressed element. The user must still see it. */
export type PressPlace = { readonly message: Message } | { readonly ephemeral: Ephemeral } | { readonly view: View }

export type PressAct = PressPlace &
  Wanted & {
    readonly user: string
    /** The person confirmed. Slack does not send a cancelled confirmation. */
    readonly confirmed?: boolean
  }

/** A person presses a button or chooses from a menu. */
export async function press({ platform, courier }: Stage, act: PressAct, sending?: Sending): Promise<AppAnswer> {
  const user = platform.workspace.users.get(act.user)
  if (!user) throw new CannotAct('no-such-user', `there is no user ${act.user}`)
  const { blocks, said } = placeOf(platform, act, user)
  const element = findElement(blocks, act, user.id)
  if (element.fields.confirm !== undefined && !act.confirmed)
    throw new CannotAct('not-confirmed', `${act.actionId} asks for confirmation first`)
  const payload = {
    type: 'block_actions',
    ...interactionParts(platform, user),
    ...said,
    actions: [actionOf(element, act.value, platform.ids.ts())],
  }
  return courier.deliver('interactive', payload, sending)
}

interface Place {
  readonly blocks: readonly unknown[]
  /** The fields of the payload that describe the place. */
  readonly said: Readonly<Record<string, unknown>>
}

function placeOf(platform: Platform, act: PressPlace, user: User): Place {
  if ('view' in act) return viewPlace(platform, act.view, user)
  return 'message' in act ? messagePlace(platform, act.message, user) : ephemeralPlace(platform, act.ephemeral, user)
}

function messagePlace(platform: Platform, of: Message, user: User): Place {
  const { channel } = present(platform, { user: user.id, channel: of.channel })
  const message = shownMessage(platform, of)
  const { ts, threadTs, blocks, attachments } = message
  return {
    blocks: [...blocks, ...attachments],
    said: {
      container: {
        type: 'message',
        message_ts: ts,
        channel_id: channel.id,
        is_ephemeral: false,
        ...(threadTs && { thread_ts: threadTs }),
      },
      channel: { id: channel.id, name: channel.name },
      message: messageJson(message, platform.workspace),
      state: { values: {} },
      response_url: platform.responseUrls.issue({
        of: 'actions',
        channel: channel.id,
        user: user.id,
        original: message,
      }),
    },
  }
}

function ephemeralPlace(platform: Platform, of: Ephemeral, user: User): Place {
  const channel = platform.workspace.channels.get(of.channel)
  const ephemeral = platform.workspace.ephemerals.find((each) => each.ts === of.ts && each.user === user.id)
  if (!channel || !ephemeral) throw new CannotAct('no-such-message', `${user.id} sees no message ${of.ts}`)
  const target = { of: 'actions', channel: channel.id, user: user.id, original: ephemeral } as const
  return {
    blocks: ephemeral.blocks,
    said: {
      container: { type: 'message', message_ts: ephemeral.ts, channel_id: channel.id, is_ephemeral: true },
      channel: { id: channel.id, name: channel.name },
      state: { values: {} },
      response_url: platform.responseUrls.issue(target),
    },
  }
}

function viewPlace({ workspace }: Platform, of: View, user: User): Place {
  const view = workspace.views.get(of.id)
  const isOnTop = view?.content.type === 'home' || viewStack(workspace, user.id).at(-1)?.id === of.id
  if (view?.user !== user.id || !isOnTop) throw new CannotAct('no-such-view', `${user.id} does not see ${of.id}`)
  return {
    blocks: view.content.blocks,
    said: { container: { type: 'view', view_id: view.id }, view: viewJson(view, workspace) },
  }
}

/** Returns the fields that every interaction has. https://docs.slack.dev/reference/interaction-payloads */
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
