import type { Block, KnownBlock, ModalView } from '@slack/types'
import {
  type Logger,
  LogLevel,
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
  WebClient,
} from '@slack/web-api'
import type { Secret } from '../secret.ts'

/**
 * What became of a call. `limited`: Slack took nothing, and says when to come back. `unknown`: it may have taken effect,
 * because the answer was lost or was an error of the server.
 */
export type Outcome<T> =
  | { readonly outcome: 'done'; readonly value: T }
  | { readonly outcome: 'refused'; readonly error: string; readonly details: readonly string[] }
  | { readonly outcome: 'limited'; readonly ms: number }
  | { readonly outcome: 'unknown'; readonly error: string }

export interface Message {
  readonly text: string
  readonly blocks: readonly (KnownBlock | Block)[]
}

/** Where a message stands. */
export interface Place {
  readonly channel: string
  readonly thread?: string
}

/** What marks a post as one of ours: found again by it after an answer was lost. */
export interface PostMark {
  readonly incident: string
  readonly message: string
  readonly nonce: string
}

export interface Channel {
  readonly name: string
  readonly private: boolean
  readonly member: boolean
  readonly archived: boolean
  /** With another organisation. */
  readonly shared: boolean
}

/** Somebody, as the workspace knows them. */
export interface User {
  readonly team: string
  readonly deleted: boolean
  readonly bot: boolean
  /** Of several channels, or of one. */
  readonly guest: boolean
  /** Of another organisation, met in a shared channel. */
  readonly stranger: boolean
}

/** Slack, as far as it is used. No method throws for what Slack answers, or does not. */
export interface SlackApi {
  post(place: Place, message: Message, mark?: PostMark): Promise<Outcome<{ readonly ts: string }>>
  update(channel: string, ts: string, message: Message): Promise<Outcome<void>>
  ephemeral(place: Place, user: string, message: Message): Promise<Outcome<void>>
  /** The post with that mark, not older than `since`. undefined: there is none. */
  find(place: Place, nonce: string, since: Date): Promise<Outcome<string | undefined>>
  /** A reaction that is there already, or not there any more, is done. @param name `eyes` */
  react(channel: string, ts: string, name: string): Promise<Outcome<void>>
  unreact(channel: string, ts: string, name: string): Promise<Outcome<void>>
  permalink(channel: string, ts: string): Promise<Outcome<string>>
  openView(trigger: string, view: ModalView): Promise<Outcome<void>>
  channel(id: string): Promise<Outcome<Channel>>
  user(id: string): Promise<Outcome<User>>
  /** The users of a user group. */
  usersOfGroup(group: string): Promise<Outcome<readonly string[]>>
  /** Of the first ten thousand members. */
  isMember(channel: string, user: string): Promise<Outcome<boolean>>
}

const markType = 'imagepull_message'
/** Messages that are looked through for a lost post: those of some seconds. */
const lookBack = 100
const members = { page: 1_000, pages: 10 } as const

/** Told of every call. */
type Counted = (method: string, outcome: Outcome<unknown>['outcome']) => void

/** Neither retries nor waits: whoever calls knows when to come back. `client` must be made so, too. */
export function slackApi(client: WebClient, counted: Counted = () => undefined): SlackApi {
  async function outcome<T>(method: string, call: () => Promise<T>): Promise<Outcome<T>> {
    const answer = await outcomeOf(call)
    counted(method, answer.outcome)
    return answer
  }
  return {
    post: (place, message, mark) =>
      outcome('chat.postMessage', async () => {
        const { ts } = await client.chat.postMessage({
          ...placeOf(place),
          ...bodyOf(message),
          unfurl_links: false,
          unfurl_media: false,
          ...(mark && { metadata: { event_type: markType, event_payload: { ...mark } } }),
        })
        return { ts: ts ?? '' }
      }),
    update: (channel, ts, message) =>
      outcome('chat.update', async () => void (await client.chat.update({ channel, ts, ...bodyOf(message) }))),
    ephemeral: (place, user, message) =>
      outcome(
        'chat.postEphemeral',
        async () => void (await client.chat.postEphemeral({ ...placeOf(place), user, ...bodyOf(message) })),
      ),
    find: (place, nonce, since) => outcome('conversations.history', () => find(client, place, nonce, since)),
    react: (channel, timestamp, name) =>
      outcome('reactions.add', () => done('already_reacted', client.reactions.add({ channel, timestamp, name }))),
    unreact: (channel, timestamp, name) =>
      outcome('reactions.remove', () => done('no_reaction', client.reactions.remove({ channel, timestamp, name }))),
    permalink: (channel, ts) =>
      outcome(
        'chat.getPermalink',
        async () => (await client.chat.getPermalink({ channel, message_ts: ts })).permalink ?? '',
      ),
    openView: (trigger, view) =>
      outcome('views.open', async () => void (await client.views.open({ trigger_id: trigger, view }))),
    channel: (id) => outcome('conversations.info', () => channelOf(client, id)),
    user: (id) => outcome('users.info', () => userOf(client, id)),
    usersOfGroup: (usergroup) =>
      outcome('usergroups.users.list', async () => (await client.usergroups.users.list({ usergroup })).users ?? []),
    isMember: (channel, user) => outcome('conversations.members', () => isMember(client, channel, user)),
  }
}

function placeOf({ channel, thread }: Place): { readonly channel: string; readonly thread_ts?: string } {
  return thread ? { channel, thread_ts: thread } : { channel }
}

function bodyOf({ text, blocks }: Message): { readonly text: string; readonly blocks: (KnownBlock | Block)[] } {
  return { text, blocks: [...blocks] }
}

/** What is refused because it is so already. */
async function done(already: string, call: Promise<unknown>): Promise<void> {
  await call.catch((error: unknown) => {
    if (!(error instanceof WebAPIPlatformError) || error.data.error !== already) throw error
  })
}

async function find(client: WebClient, place: Place, nonce: string, since: Date): Promise<string | undefined> {
  const where = {
    channel: place.channel,
    oldest: String(since.getTime() / 1_000),
    limit: lookBack,
    include_all_metadata: true,
  }
  const { messages = [] } = place.thread
    ? await client.conversations.replies({ ...where, ts: place.thread })
    : await client.conversations.history(where)
  const own = messages.find(({ metadata }) => {
    const payload: unknown = metadata?.event_payload
    return typeof payload === 'object' && payload !== null && 'nonce' in payload && payload.nonce === nonce
  })
  return own?.ts
}

async function channelOf(client: WebClient, id: string): Promise<Channel> {
  const { channel } = await client.conversations.info({ channel: id })
  return {
    name: channel?.name ?? id,
    private: channel?.is_private ?? channel?.is_im ?? false,
    member: channel?.is_member ?? channel?.is_im ?? false,
    archived: channel?.is_archived ?? false,
    shared: (channel?.is_ext_shared ?? false) || (channel?.is_pending_ext_shared ?? false),
  }
}

async function isMember(client: WebClient, channel: string, user: string): Promise<boolean> {
  let cursor: string | undefined
  for (let page = 0; page < members.pages; page++) {
    const answer = await client.conversations.members({ channel, limit: members.page, ...(cursor && { cursor }) })
    if (answer.members?.includes(user)) return true
    cursor = answer.response_metadata?.next_cursor
    if (!cursor) return false
  }
  return false
}

async function userOf(client: WebClient, id: string): Promise<User> {
  const { user } = await client.users.info({ user: id })
  return {
    team: user?.team_id ?? '',
    deleted: user?.deleted ?? false,
    bot: user?.is_bot ?? false,
    guest: (user?.is_restricted ?? false) || (user?.is_ultra_restricted ?? false),
    stranger: user?.is_stranger ?? false,
  }
}

/** Errors with which Slack says that its own side failed: the call may have taken effect all the same. */
const ambiguous: ReadonlySet<string> = new Set([
  'fatal_error',
  'internal_error',
  'request_timeout',
  'service_unavailable',
])

async function outcomeOf<T>(call: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { outcome: 'done', value: await call() }
  } catch (error) {
    if (error instanceof WebAPIRateLimitedError) return { outcome: 'limited', ms: error.retryAfter * 1_000 }
    if (error instanceof WebAPIPlatformError) return refusal(error)
    if (error instanceof WebAPIHTTPError) return { outcome: 'unknown', error: `HTTP ${error.statusCode}` }
    if (error instanceof WebAPIRequestError) return { outcome: 'unknown', error: error.original.message }
    // Of its own accord the client throws plain errors too: for a 429 whose Retry-After nobody can read, say.
    return { outcome: 'unknown', error: error instanceof Error ? error.message : 'the client failed' }
  }
}

function refusal({ data }: WebAPIPlatformError): Outcome<never> {
  if (data.error === 'ratelimited') return { outcome: 'limited', ms: 1_000 }
  if (ambiguous.has(data.error)) return { outcome: 'unknown', error: data.error }
  const details = data.response_metadata?.messages ?? []
  return { outcome: 'refused', error: data.error, details }
}

/** Milliseconds. */
const timeout = 10_000

/** Neither waits nor tries again by itself: the queue does, without holding a worker. */
export function slackClient(token: Secret, apiUrl: string | undefined): WebClient {
  return new WebClient(token.reveal(), {
    ...(apiUrl && { slackApiUrl: apiUrl }),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout,
    logger: silent,
  })
}

/** What it would say is told by the outcome of each call. */
const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
}
