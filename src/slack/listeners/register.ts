import type { App, BlockAction, MessageShortcut, SlashCommand, ViewSubmitAction } from '@slack/bolt'
import { postSchema, wordsOf } from '../../alertmanager/post.ts'
import { withTimeout } from '../../queue/retry.ts'
import { askView, escalateView, muteView, wrongView } from '../blocks/modals.ts'
import type { Respond } from '../requests/respond.ts'
import { alertPost } from './alert-posts.ts'
import { press, readPress } from './buttons.ts'
import { commandImagepull, mention, shortcut, shortcutCallback } from './entry.ts'
import { submit } from './modals.ts'
import type { ListenerOptions } from './options.ts'

/** Milliseconds until a mention is acknowledged, also where it is not written down yet. Slack waits three seconds. */
const mentionTimeout = 2_000

/**
 * Registers the listeners with Bolt. A command, a mention and an alert post are acknowledged after they are written down, so
 * that none is lost with the process: Slack sends an event again, and tells the person that a command failed. Buttons,
 * shortcuts and windows are acknowledged at once. `track` gets the work that goes on after the acknowledgement, so that a
 * stop can wait for it.
 */
export function register(
  app: App,
  options: ListenerOptions,
  respond: Respond,
  track: (work: Promise<unknown>) => void,
): void {
  app.command(options.command, async ({ command, ack }) => {
    const message = await commandImagepull(options, command satisfies SlashCommand)
    await ack(message ? { response_type: 'ephemeral', text: message.text, blocks: [...message.blocks] } : undefined)
  })
  app.event('app_mention', async ({ event, body }) => {
    const answered = mention(options, {
      team: body.team_id,
      channel: event.channel,
      user: event.user,
      bot: 'bot_id' in event && typeof event.bot_id === 'string' ? event.bot_id : undefined,
      text: event.text,
      shared: sharedWords(event),
      ts: event.ts,
      thread: event.thread_ts,
      event: body.event_id,
    })
    track(answered)
    const settled = answered.catch(() => undefined) // `track` logs it
    await withTimeout(mentionTimeout, settled, () => undefined)
  })
  app.event('message', ({ event, body }) => alertPost(options, { team: body.team_id, event }, track))
  registerInteractions(app, options, respond, track)
}

/** The shortcut, the buttons and the windows. */
function registerInteractions(
  app: App,
  options: ListenerOptions,
  respond: Respond,
  track: (work: Promise<unknown>) => void,
): void {
  app.shortcut<MessageShortcut>(
    { type: 'message_action', callback_id: shortcutCallback },
    async ({ shortcut: of, ack }) => {
      await ack()
      track(runShortcut(options, of, respond))
    },
  )
  app.action<BlockAction>(/^imagepull:/, async ({ body, ack }) => {
    await ack()
    const pressed = readPress(body)
    if (!pressed) return
    const { channel, user, responseUrl } = pressed
    track(press(options, pressed).then((message) => message && respond({ channel, user, responseUrl }, message)))
  })
  for (const callback of [askView.callback, wrongView.callback, muteView.callback, escalateView.callback]) {
    app.view<ViewSubmitAction>(callback, async ({ body, view, ack }) => {
      await ack()
      track(
        submit(options, {
          callback,
          team: body.team?.id ?? '',
          user: body.user.id,
          view: view.id,
          metadata: view.private_metadata,
          typed: (block, action) => typedIn(view.state.values[block]?.[action]),
        }),
      )
    })
  }
}

/** Returns the typed text, or the value of the chosen option. */
function typedIn(state: ViewSubmitAction['view']['state']['values'][string][string] | undefined): string {
  return state?.value ?? state?.selected_option?.value ?? ''
}

/** Returns the text of a message that is shared in a mention. */
function sharedWords(event: unknown): string {
  return wordsOf({ ...postSchema.parse(event), text: '', blocks: [] })
}

async function runShortcut(options: ListenerOptions, of: MessageShortcut, respond: Respond): Promise<void> {
  const { message, channel, user } = of
  const answer = await shortcut(options, {
    team: of.team?.id ?? '',
    channel: channel.id,
    user: user.id,
    trigger: of.trigger_id,
    thread: typeof message.thread_ts === 'string' ? message.thread_ts : message.ts,
    text: wordsOf(postSchema.parse(message)),
    event: `shortcut ${of.trigger_id}`,
  })
  if (answer) await respond({ channel: channel.id, user: user.id, responseUrl: of.response_url }, answer)
}
