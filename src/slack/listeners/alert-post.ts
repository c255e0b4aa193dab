import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { AlertRules } from '../../alertmanager/alert-rules.ts'
import { postSchema, wordsOf } from '../../alertmanager/post.ts'
import { readPost } from '../../alertmanager/read-post.ts'
import { ruleOf } from '../../alertmanager/rule-names.ts'
import { takeDelivery } from '../../incidents/delivery.ts'
import type { ListenerWorld } from './listener-world.ts'

/** Whose posts are read, and how. */
export interface AlertPosts {
  readonly rules: AlertRules
  /** Ids of bots. */
  readonly posters: ReadonlySet<string>
  /** This app's own: Alertmanager may post with its token. */
  readonly own: () => string
  /** Told of each post of theirs that is not read. @param name Of its rule, as far as it tells; at most 100 characters. */
  readonly turnedAway: (name: string) => void
}

const message = postSchema.extend({
  ts: z.string(),
  thread_ts: z.string().optional(),
  bot_id: z.string().optional(),
  edited: z.object({ ts: z.string() }).optional(),
})

/** https://docs.slack.dev/reference/events/message/, and message_changed. What is not one of these two is left alone. */
const event = z.union([
  z.object({ subtype: z.literal('message_changed'), channel: z.string(), ts: z.string(), message }),
  message.extend({ subtype: z.literal('bot_message').optional(), channel: z.string() }),
])

/** Milliseconds until it is tried again: Slack has been told that the event was heard. */
const pauses = [500, 2_000, 5_000, 15_000] as const

/** A post of Alertmanager or Grafana in a channel that is told of alerts. Nothing of any other message is kept. */
export async function alertPost(world: ListenerWorld, team: string, of: unknown): Promise<void> {
  const { alertPosts, places } = world
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
  await insist(world, () => takeDelivery(world.incidents, id, { alerts }))
}

/** What this app posts by itself has no attachments: those are Alertmanager's, with its token. */
function isRead({ bot_id: bot, attachments }: z.infer<typeof message>, { posters, own }: AlertPosts): boolean {
  if (bot === undefined) return false
  return posters.has(bot) || (bot === own() && attachments.length > 0)
}

async function insist({ warn }: ListenerWorld, work: () => Promise<void>): Promise<void> {
  for (const pause of [...pauses, undefined]) {
    try {
      return await work()
    } catch (error) {
      warn('an alert post cannot be written down', { error, again: pause !== undefined })
      if (pause !== undefined) await sleep(pause)
    }
  }
}
