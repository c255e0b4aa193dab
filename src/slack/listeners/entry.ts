import type { SlashCommand } from '@slack/bolt'
import { guessTarget, typedTarget } from '../../target/guess.ts'
import { refusalOfPlace, refusalToAsk } from '../access.ts'
import type { Message } from '../api.ts'
import { askView } from '../blocks/modals.ts'
import { replies } from '../replies.ts'
import { threadRoots } from '../thread/links.ts'
import { checkAgain } from './buttons.ts'
import type { ListenerOptions } from './options.ts'
import { takeRequest } from './take-request.ts'

type Command = Pick<
  SlashCommand,
  'team_id' | 'channel_id' | 'channel_name' | 'user_id' | 'text' | 'response_url' | 'trigger_id'
>

/**
 * Takes `/imagepull …`. The message is for the person who typed it; undefined: the answer follows. Slack waits at most three
 * seconds, so this asks Slack nothing: the job finds out who may ask, and where.
 */
export async function commandImagepull(options: ListenerOptions, command: Command): Promise<Message | undefined> {
  const { places } = options
  const { channel_id: channel, channel_name: name, text } = command
  const direct = name === 'directmessage' || name.startsWith('mpdm-')
  if (!places.isWorkspace(command.team_id)) return replies.channelNotListed([])
  if (/^\s*help\s*$/i.test(text)) return replies.help(options.command)
  return takeRequest(options, {
    event: `command ${command.trigger_id}`,
    user: command.user_id,
    channel,
    typed: text,
    responseUrl: command.response_url,
    direct,
  })
}

/** The event `app_mention`. https://docs.slack.dev/reference/events/app_mention/ */
export interface Mention {
  readonly team: string
  readonly channel: string
  readonly user?: string | undefined
  readonly bot?: string | undefined
  readonly text: string
  /** The text of messages that are shared in it. */
  readonly shared?: string
  readonly ts: string
  readonly thread?: string | undefined
  /** The same when Slack delivers it again. */
  readonly event: string
}

/** Takes a mention, which also works in threads, unlike a command. Without a target it is about the thread's own incident. */
export async function mention(options: ListenerOptions, of: Mention): Promise<void> {
  const { user, channel, thread } = of
  if (!user || of.bot || !options.places.isWorkspace(of.team)) return // other bots are never answered
  const message = await answer(options, of, user).catch((error) => {
    options.warn('a mention could not be answered', { error })
    return replies.cannotStart('something failed', undefined)
  })
  if (message) await options.slack.ephemeral({ channel, ...(thread && { thread }) }, user, message)
}

async function answer(options: ListenerOptions, of: Mention, user: string): Promise<Message | undefined> {
  const { channel, thread } = of
  const refusal = (await refusalToAsk(options, user)) ?? (await refusalOfPlace(options, channel, user))
  if (refusal) return refusal
  const typed = of.text.replaceAll(/<@[A-Z0-9]{1,40}(?:\|[^>]{0,80})?>/g, ' ').trim()
  const own = typed === '' && thread ? await threadRoots.incidentOf(options.store, channel, thread) : undefined
  if (own) return checkAgain(options, { incident: own, user, event: of.event })
  const guess = typed === '' ? guessTarget(of.shared ?? '', options.alertPosts.rules.clusters) : undefined
  const named = guess ? typedTarget(guess) : typed
  if (named === '' || /^help$/i.test(named)) return replies.help(options.command)
  return takeRequest(options, { event: `mention ${of.event}`, user, channel, typed: named, ...(thread && { thread }) })
}

/** The callback that the app's manifest names. */
export const shortcutCallback = 'imagepull_check'

/** A shortcut on a message, read from Slack's payload. */
export interface Shortcut {
  readonly team: string
  readonly channel: string
  readonly user: string
  readonly trigger: string
  /** The message's root, or the message itself. */
  readonly thread: string
  /** All text of the message, including its attachments and blocks. */
  readonly text: string
  readonly event: string
}

/** Checks again on a message of an incident's thread. On any other message it opens a window that asks for the pod. */
export async function shortcut(options: ListenerOptions, of: Shortcut): Promise<Message | undefined> {
  const { places, slack } = options
  if (!places.isWorkspace(of.team)) return replies.outsider()
  try {
    const refusal = (await refusalToAsk(options, of.user)) ?? (await refusalOfPlace(options, of.channel, of.user))
    if (refusal) return refusal
    const incident = await threadRoots.incidentOf(options.store, of.channel, of.thread)
    if (incident) return await checkAgain(options, { incident, user: of.user, event: of.event })
  } catch (error) {
    options.warn('a shortcut could not do its work', { error })
    return replies.cannotStart('something failed', undefined)
  }
  const guess = guessTarget(of.text, options.alertPosts.rules.clusters)
  const typed = guess ? typedTarget(guess) : ''
  await slack.openView(of.trigger, askView.build({ channel: of.channel, thread: of.thread }, typed))
  return undefined
}
