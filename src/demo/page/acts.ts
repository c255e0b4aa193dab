import type { IncomingMessage } from 'node:http'
import { z } from 'zod'
import type { LocalSlack } from '../../simulator/slack/local-slack.ts'
import { CannotAct } from '../../simulator/slack/people/attempts.ts'
import type { AppAnswer } from '../../simulator/slack/people/http.ts'
import type { PressPlace } from '../../simulator/slack/people/press.ts'
import type { Message, View } from '../../simulator/slack/workspace/records.ts'
import type { Extras } from './extras.ts'
import type { Outcome } from './scene.ts'

const id = z.string().min(1).max(255)
const words = z.string().max(4_000)
const ts = z.string().regex(/^\d{10}\.\d{6}$/)
const written = { channel: id, thread: ts.optional(), text: words.min(1) }

/** The place of an element that was pressed. */
const place = z.discriminatedUnion('in', [
  z.strictObject({ in: z.literal('message'), channel: id, ts }),
  z.strictObject({ in: z.literal('ephemeral'), channel: id, ts }),
  z.strictObject({ in: z.literal('view'), id }),
])

/** An action of the viewer, as the browser sends it. */
export const actSchema = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('command'), channel: id, command: z.string().regex(/^\/[\w-]{1,32}$/), text: words }),
  z.strictObject({ act: z.literal('mention'), ...written, text: words }),
  z.strictObject({ act: z.literal('post'), ...written }),
  z.strictObject({
    act: z.literal('press'),
    place,
    actionId: id,
    blockId: id,
    value: words.optional(),
    confirmed: z.boolean(),
  }),
  z.strictObject({
    act: z.literal('submit'),
    view: id,
    values: z.record(id, z.union([words, z.array(words).max(100)])),
  }),
  z.strictObject({ act: z.literal('close'), view: id }),
  z.strictObject({ act: z.literal('shortcut'), channel: id, ts, callbackId: id }),
  z.strictObject({ act: z.literal('react'), channel: id, ts, name: z.string().regex(/^[\w+'-]{1,100}$/) }),
  z.strictObject({ act: z.literal('invite'), channel: id }),
  z.strictObject({ act: z.literal('run'), extra: id }),
])

export type Act = z.infer<typeof actSchema>
export type Place = z.infer<typeof place>

interface Parts {
  readonly slack: LocalSlack
  readonly viewer: string
  readonly extras: Extras
}

/** Performs the viewer's action in the local Slack. */
export async function perform(parts: Parts, act: Act): Promise<Outcome> {
  try {
    return act.act === 'run' ? parts.extras.run(act.extra) : outcomeOf(await doIt(parts, act))
  } catch (error) {
    if (!(error instanceof CannotAct)) throw error
    if (error.code === 'app-not-connected') return { kind: 'failed', error: 'dispatch_failed' }
    return { kind: 'cannot', message: error.message }
  }
}

function doIt({ slack, viewer: user }: Parts, act: Exclude<Act, { act: 'run' }>): Promise<AppAnswer> {
  switch (act.act) {
    case 'command':
      return slack.command({ user, channel: act.channel, command: act.command, text: act.text })
    case 'mention':
    case 'post': {
      const { channel, text, thread } = act
      return slack[act.act]({ user, channel, text, ...(thread && { thread }) })
    }
    case 'press': {
      const { actionId, blockId, value, confirmed } = act
      const place = pressPlace(slack, user, act.place)
      return slack.press({ ...place, user, actionId, blockId, confirmed, ...(value !== undefined && { value }) })
    }
    case 'submit':
      return slack.submitView({ user, view: viewOf(slack, user, act.view), values: act.values })
    case 'close':
      return slack.closeView({ user, view: viewOf(slack, user, act.view) })
    case 'shortcut':
      return slack.shortcut({ user, message: messageOf(slack, act), callbackId: act.callbackId })
    case 'react':
      return slack.react({ user, message: messageOf(slack, act), name: act.name })
    case 'invite':
      return slack.inviteBot({ user, channel: act.channel })
  }
}

function pressPlace(slack: LocalSlack, user: string, place: Place): PressPlace {
  if (place.in === 'view') return { view: viewOf(slack, user, place.id) }
  if (place.in === 'message') return { message: messageOf(slack, place) }
  const ephemeral = slack.ephemerals(user).find(({ channel, ts }) => channel === place.channel && ts === place.ts)
  if (ephemeral) return { ephemeral }
  throw new CannotAct('no-such-message', 'This message is gone.')
}

function messageOf(slack: LocalSlack, { channel, ts }: Pick<Message, 'channel' | 'ts'>): Message {
  const message = slack.message(channel, ts)
  if (message) return message
  throw new CannotAct('no-such-message', 'This message is gone.')
}

function viewOf(slack: LocalSlack, user: string, id: string): View {
  const view = slack.views(user).find((each) => each.id === id)
  if (view) return view
  throw new CannotAct('no-such-view', 'This dialog is gone.')
}

const errorsSchema = z.object({
  response_action: z.literal('errors'),
  errors: z.record(z.string(), z.string()),
})

function outcomeOf(answer: AppAnswer & { readonly message?: Message }): Outcome {
  const { status, body, refused, message } = answer
  if (status === 'timeout') return { kind: 'failed', error: 'operation_timeout' }
  if (status !== 200 && status !== 'not-sent') return { kind: 'failed', error: 'dispatch_failed' }
  if (refused !== undefined) return { kind: 'failed', error: refused }
  const view = errorsSchema.safeParse(body)
  if (view.success) return { kind: 'errors', errors: view.data.errors }
  return { kind: 'done', ...(message && { ts: message.ts }) }
}

const localNames = new Set(['127.0.0.1', 'localhost'])

/**
 * Returns the HTTP status with which a request is refused. undefined: it is accepted. Other websites that the viewer has open
 * may send requests to this machine, by DNS rebinding, or with a form or a fetch.
 */
export function refusalOf({ method, headers }: IncomingMessage): number | undefined {
  const { host = '', origin, 'sec-fetch-site': site, 'content-type': type = '' } = headers
  if (!localNames.has(host.replace(/:\d{1,5}$/, ''))) return 403
  if (method === 'GET') return undefined
  if (method !== 'POST') return 405
  if (origin !== `http://${host}` || (site !== undefined && site !== 'same-origin')) return 403
  return /^application\/json(?:;\s*charset=utf-8)?$/i.test(type) ? undefined : 415
}
