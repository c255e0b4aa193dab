import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { postSchema, readPost, wordsOf } from '../../alertmanager/post.ts'
import { ruleOf } from '../../alertmanager/rule-names.ts'
import { withTimeout } from '../../queue/retry.ts'
import type { AlertPosts, ListenerOptions } from './options.ts'

type AlertPostOptions = Pick<ListenerOptions, 'intake' | 'places' | 'alertPosts' | 'warn'>

const message = postSchema.extend({
  ts: z.string(),
  thread_ts: z.string().optional(),
  bot_id: z.string().optional(),
  edited: z.object({ ts: z.string() }).optional(),
})

/** A message, or message_changed: https://docs.slack.dev/reference/events/message/. Other subtypes are ignored. */
const event = z.union([
  z.object({ subtype: z.literal('message_changed'), channel: z.string(), ts: z.string(), message }),
  message.extend({ subtype: z.literal('bot_message').optional(), channel: z.string() }),
])

/** Milliseconds for the first try: Slack waits three seconds, and the check for replays takes up to half a second. */
const firstTry = 2_000
/** Milliseconds until the next try. Slack itself sends an event again three times, within six minutes. */
const pauses = [500, 2_000, 5_000, 15_000, ...Array.from({ length: 20 }, () => 30_000)] as const

/** An alert post could not be stored. It must not be acknowledged, so that Slack sends it again. */
export class NotTaken extends Error {
  override readonly name = 'NotTaken'
}

/**
 * Stores a post of Alertmanager or Grafana in a channel that takes alerts, and keeps nothing of other messages. The
 * post is durable when this returns. Otherwise it throws NotTaken, and `track` gets the further tries. A second run for
 * the same post does no harm.
 */
export async function alertPost(
  options: AlertPostOptions,
  { team, event: of }: { readonly team: string; readonly event: unknown },
  track: (work: Promise<unknown>) => void,
): Promise<void> {
  const { alertPosts, places } = options
  const parsed = event.safeParse(of)
  if (!parsed.success || !places.isWorkspace(team)) return
  const { channel } = parsed.data
  if (!places.rightsOf(channel)?.may.has('alerts')) return
  const edit = 'message' in parsed.data ? parsed.data : undefined
  const post = 'message' in parsed.data ? parsed.data.message : parsed.data
  if (!isRead(post, alertPosts) || (post.thread_ts && post.thread_ts !== post.ts)) return
  const place = { channel, ts: post.ts }
  const at = new Date(Number(edit?.ts ?? post.ts) * 1_000)
  const alerts = readPost(post, place, at, alertPosts.rules)
  if (alerts.length === 0) return alertPosts.turnedAway(ruleOf(wordsOf(post)))
  const id = createHash('sha256').update(JSON.stringify(alerts)).digest('base64url')
  const write = (): Promise<void> => options.intake.save(id, alerts)
  try {
    await withTimeout(firstTry, write(), tooLate)
  } catch (error) {
    track(retry(options.warn, write))
    throw new NotTaken('an alert post could not be stored', { cause: error })
  }
}

function tooLate(): never {
  throw new Error(`not written within ${firstTry} ms`)
}

/** This app's own posts have no attachments: a post with attachments is Alertmanager's, with this app's token. */
function isRead({ bot_id: bot, attachments }: z.infer<typeof message>, { posters, own }: AlertPosts): boolean {
  if (bot === undefined) return false
  return posters.has(bot) || (bot === own() && attachments.length > 0)
}

async function retry(warn: AlertPostOptions['warn'], work: () => Promise<void>): Promise<void> {
  for (const [index, pause] of pauses.entries()) {
    await sleep(pause, undefined, { ref: false })
    try {
      return await work()
    } catch (error) {
      warn('an alert post cannot be stored', { error, again: index < pauses.length - 1 })
    }
  }
}
