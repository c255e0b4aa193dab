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
 * The outcome of a call. `limited`: Slack did nothing, and says how long to wait. `unknown`: the call may have taken effect,
 * because its answer was lost or was a server error.
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

/** A channel, or a thread in it. */
export interface Place {
  readonly channel: string
  readonly thread?: string
}

/** Metadata of our posts. It finds a post again whose answer was lost. */
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
  /** Another organisation reads it. */
  readonly shared: boolean
}

/** A person or a bot, as Slack describes them. */
export interface User {
  readonly team: string
  readonly deleted: boolean
  readonly bot: boolean
  /** A guest of one or of several channels. */
  readonly guest: boolean
  /** A member of another organisation in a shared channel. */
  readonly stranger: boolean
}

/** The methods of Slack that imagepull uses. None throws: each outcome is a value. */
export interface SlackApi {
  post(place: Place, message: Message, mark?: PostMark): Promise<Outcome<{ readonly ts: string }>>
  update(channel: string, ts: string, message: Message): Promise<Outcome<void>>
  ephemeral(place: Place, user: string, message: Message): Promise<Outcome<void>>
  /** Searches for the post with that mark, from `since` on. undefined: there is none. */
  find(place: Place, nonce: string, since: Date): Promise<Outcome<string | undefined>>
  /** Adding a reaction twice, or removing one that is gone, is `done`. @param name `eyes` */
  react(channel: string, ts: string, name: string): Promise<Outcome<void>>
  unreact(channel: string, ts: string, name: string): Promise<Outcome<void>>
  permalink(channel: string, ts: string): Promise<Outcome<string>>
  openView(trigger: string, view: ModalView): Promise<Outcome<void>>
  channel(id: string): Promise<Outcome<Channel>>
  user(id: string): Promise<Outcome<User>>
  /** The users of a user group. */
  usersOfGroup(group: string): Promise<Outcome<readonly string[]>>
  /** Searches the first ten thousand members. */
  isMember(channel: string, user: string): Promise<Outcome<boolean>>
}

const markType = 'imagepull_message'
/** The number of messages that are searched for a lost post. */
const searchedMessages = 100
const members = { page: 1_000, pages: 10 } as const

/** Counts every call. */
type Counted = (method: string, outcome: Outcome<unknown>['outcome']) => void

/** Neither retries nor waits: the queue does. `client` must not either. */
export function createSlackApi(client: WebClient, counted: Counted = () => undefined): SlackApi {
  async function outcome<T>(method: string, call: () => Promise<T>): Promise<Outcome<T>> {
    const answer = await toOutcome(call)
    counted(method, answer.outcome)
    return answer
  }
  return {
    post: (place, message, mark) =>
      outcome('chat.postMessage', async () => {
        const { ts } = await client.chat.postMessage({
          ...toPlace(place),
          ...toBody(message),
          unfurl_links: false,
          unfurl_media: false,
          ...(mark && { metadata: { event_type: markType, event_payload: { ...mark } } }),
        })
        return { ts: ts ?? '' }
      }),
    update: (channel, ts, message) =>
      outcome('chat.update', async () => void (await client.chat.update({ channel, ts, ...toBody(message) }))),
    ephemeral: (place, user, message) =>
      outcome(
        'chat.postEphemeral',
        async () => void (await client.chat.postEphemeral({ ...toPlace(place), user, ...toBody(message) })),
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
    channel: (id) => outcome('conversations.info', () => readChannel(client, id)),
    user: (id) => outcome('users.info', () => readUser(client, id)),
    usersOfGroup: (usergroup) =>
      outcome('usergroups.users.list', async () => (await client.usergroups.users.list({ usergroup })).users ?? []),
    isMember: (channel, user) => outcome('conversations.members', () => isMember(client, channel, user)),
  }
}

function toPlace({ channel, thread }: Place): { readonly channel: string; readonly thread_ts?: string } {
  return thread ? { channel, thread_ts: thread } : { channel }
}

function toBody({ text, blocks }: Message): { readonly text: string; readonly blocks: (KnownBlock | Block)[] } {
  return { text, blocks: [...blocks] }
}

/** A refusal that says that the effect is already there is a success. */
async function done(already: string, call: Promise<unknown>): Promise<void> {
  await call.catch((error: unknown) => {
    if (!(error instanceof WebAPIPlatformError) || error.data.error !== already) throw error
  })
}

async function find(client: WebClient, place: Place, nonce: string, since: Date): Promise<string | undefined> {
  const where = {
    channel: place.channel,
    oldest: String(since.getTime() / 1_000),
    limit: searchedMessages,
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

async function readChannel(client: WebClient, id: string): Promise<Channel> {
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

async function readUser(client: WebClient, id: string): Promise<User> {
  const { user } = await client.users.info({ user: id })
  return {
    team: user?.team_id ?? '',
    deleted: user?.deleted ?? false,
    bot: user?.is_bot ?? false,
    guest: (user?.is_restricted ?? false) || (user?.is_ultra_restricted ?? false),
    stranger: user?.is_stranger ?? false,
  }
}

/** Errors of Slack's own side: the call may have taken effect. */
const ambiguous: ReadonlySet<string> = new Set([
  'fatal_error',
  'internal_error',
  'request_timeout',
  'service_unavailable',
])

async function toOutcome<T>(call: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { outcome: 'done', value: await call() }
  } catch (error) {
    if (error instanceof WebAPIRateLimitedError) return { outcome: 'limited', ms: error.retryAfter * 1_000 }
    if (error instanceof WebAPIPlatformError) return refusal(error)
    if (error instanceof WebAPIHTTPError) return { outcome: 'unknown', error: `HTTP ${error.statusCode}` }
    if (error instanceof WebAPIRequestError) return { outcome: 'unknown', error: error.original.message }
    // The client also throws plain errors, for example for a 429 with an unreadable Retry-After.
    return { outcome: 'unknown', error: error instanceof Error ? error.message : 'the client failed' }
  }
}

function refusal({ data }: WebAPIPlatformError): Outcome<never> {
  if (data.error === 'ratelimited') return { outcome: 'limited', ms: 1_000 }
  if (ambiguous.has(data.error)) return { outcome: 'unknown', error: data.error }
  const details = data.response_metadata?.messages ?? []
  return { outcome: 'refused', error: data.error, details }
}

/** Milliseconds for one call. */
const timeout = 10_000

/** Makes a client that neither waits nor retries: the queue does both without holding a worker. */
export function createSlackClient(token: Secret, apiUrl: string | undefined): WebClient {
  return new WebClient(token.reveal(), {
    ...(apiUrl && { slackApiUrl: apiUrl }),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout,
    logger: silent,
  })
}

/** The outcome of each call tells everything that this logger would. */
const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
}
