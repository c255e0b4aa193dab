import type { Act } from '../../acts.ts'

/** The meaning of a text in a composer. */
export type Typed =
  | { readonly kind: 'act'; readonly act: Act }
  | {
      readonly kind: 'refused'
      readonly message: string
      /** A suggestion of what the viewer may have meant. */
      readonly instead?: string
    }

interface Where {
  readonly channel: string
  /** The ts of a root. */
  readonly thread?: string | undefined
  /** The app's name, `imagepull`, which is also its command. */
  readonly bot: string
}

/** Reads a text as Slack does. undefined: there is nothing to send. */
export function readTyped(text: string, where: Where): Typed | undefined {
  if (text.trim() === '') return undefined
  if (/^\/[a-z]/i.test(text)) return readCommand(text.trim(), where)
  const { channel, thread, bot } = where
  const place = { channel, ...(thread && { thread }) }
  const called = new RegExp(`(^|\\s)@${bot}(?![\\w-])`, 'i')
  const words = text.trim().replace(called, ' ').replace(/\s+/g, ' ').trim()
  const act: Act = called.test(text)
    ? { act: 'mention', ...place, text: words }
    : { act: 'post', ...place, text: text.trim() }
  return { kind: 'act', act }
}

function readCommand(text: string, { channel, thread, bot }: Where): Typed {
  const [, command = '', rest = ''] = /^(\/\S+)\s*([\s\S]*)$/.exec(text) ?? []
  const isOurs = command === `/${bot}`
  if (thread) {
    const message = `Slack has no commands in threads. Mention @${bot} here instead.`
    return { kind: 'refused', message, ...(isOurs && { instead: `@${bot} ${rest}`.trim() }) }
  }
  if (isOurs) return { kind: 'act', act: { act: 'command', channel, command, text: rest } }
  if (command === '/invite' && rest.replace(/^@/, '') === bot) return { kind: 'act', act: { act: 'invite', channel } }
  return { kind: 'refused', message: `${command} is not a command here. Try /${bot}, or /invite @${bot}.` }
}
