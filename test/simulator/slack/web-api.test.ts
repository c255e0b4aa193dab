import { WebAPIPlatformError, WebClient } from '@slack/web-api'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { LocalSlack } from '../../../src/simulator/slack/local-slack.ts'
import { startLocalSlack } from '../../../src/simulator/slack/start.ts'
import { quietLogger } from '../../support/quiet-logger.ts'
import { slackWorkspace } from '../../support/slack-workspace.ts'

const { seed, incidents, general, secret, archived, maya, tom, eve, oncall, bot } = slackWorkspace
const nowhere = '1763952000.000100'
const rich = [
  { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'never built' }] }] },
]
const section = [{ type: 'section', text: { type: 'plain_text', text: 'why' } }]

let slack: LocalSlack
let client: WebClient

beforeEach(async () => {
  slack = await startLocalSlack({ seed, limits: 'none' })
  client = clientOf(slack.botToken)
})
afterEach(() => slack.stop())

function clientOf(token: string): WebClient {
  return new WebClient(token, { slackApiUrl: slack.apiUrl, logger: quietLogger(), retryConfig: { retries: 0 } })
}

/** What Slack answers, also when it refuses. */
async function call(method: string, args: Record<string, unknown> = {}, by = client): Promise<Record<string, unknown>> {
  try {
    return { ...(await by.apiCall(method, args)) }
  } catch (error) {
    if (error instanceof WebAPIPlatformError) return { ...error.data }
    throw error
  }
}

async function posted(more: Record<string, unknown> = {}): Promise<string> {
  const answer = await call('chat.postMessage', { channel: incidents, text: 'Never built: shop', ...more })
  return String(answer.ts)
}

describe('who may call', () => {
  test.each([
    ['', 'not_authed'],
    ['xoxb-wrong', 'invalid_auth'],
  ])('the token "%s" gets %s', async (token, error) => {
    expect(await call('auth.test', {}, clientOf(token))).toMatchObject({ ok: false, error })
  })

  test('each token for its own methods', async () => {
    const app = clientOf(slack.appToken)
    expect(await call('apps.connections.open')).toMatchObject({ error: 'not_allowed_token_type' })
    expect(await call('auth.test', {}, app)).toMatchObject({ error: 'not_allowed_token_type' })
    expect(await call('apps.connections.open', {}, app)).toMatchObject({
      url: expect.stringContaining('ws://127.0.0.1'),
    })
  })

  test('auth.test tells who it is, and the scopes in a header', async () => {
    expect(await call('auth.test')).toMatchObject({
      user_id: bot,
      bot_id: 'B0IMAGEPULL',
      response_metadata: { scopes: expect.arrayContaining(['chat:write', 'commands']) },
    })
  })

  test('a token in a form counts, one in JSON does not', async () => {
    const url = `${slack.apiUrl}auth.test`
    const form = await fetch(url, { method: 'POST', body: new URLSearchParams({ token: slack.botToken }) })
    expect(await form.json()).toMatchObject({ ok: true })
    const headers = { 'content-type': 'application/json' }
    const json = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ token: slack.botToken }) })
    expect(await json.json()).toMatchObject({ error: 'not_authed' })
  })

  test('JSON bodies are read as well as forms', async () => {
    const answer = await fetch(`${slack.apiUrl}chat.postMessage`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${slack.botToken}` },
      body: JSON.stringify({ channel: incidents, text: 'a', blocks: section }),
    })
    expect(await answer.json()).toMatchObject({ ok: true, message: { blocks: [{ type: 'section' }] } })
    expect(slack.calls.at(-1)).toMatchObject({ method: 'chat.postMessage', ok: true, channel: incidents })
  })

  test('there is no such method', async () => {
    expect(await call('chat.postMassage', {})).toMatchObject({ ok: false, error: 'unknown_method' })
  })

  test.each([
    ['chat.postMessage', { channel: incidents, text: 'a' }, 'chat:write'],
    ['chat.update', { channel: incidents, ts: nowhere, text: 'a' }, 'chat:write'],
    ['reactions.add', { channel: incidents, timestamp: nowhere, name: 'eyes' }, 'reactions:write'],
    ['reactions.get', { channel: incidents, timestamp: nowhere }, 'reactions:read'],
    ['users.info', { user: maya }, 'users:read'],
    ['usergroups.list', {}, 'usergroups:read'],
    ['conversations.info', { channel: incidents }, 'channels:read'],
    ['conversations.list', { types: 'public_channel,private_channel' }, 'channels:read'],
    ['conversations.history', { channel: incidents }, 'channels:history'],
    ['conversations.open', { users: maya }, 'im:write'],
    ['conversations.open', { users: `${maya},${tom}` }, 'mpim:write'],
    ['assistant.threads.setStatus', { channel_id: incidents, thread_ts: nowhere, status: 'a' }, 'chat:write'],
  ])('%s without its scope: missing_scope', async (method, args, needed) => {
    await using bare = await startLocalSlack({ seed, scopes: ['commands'] })
    const by = new WebClient(bare.botToken, {
      slackApiUrl: bare.apiUrl,
      logger: quietLogger(),
      retryConfig: { retries: 0 },
    })
    expect(await call(method, args, by)).toMatchObject({ error: 'missing_scope', needed, provided: 'commands' })
  })
})

describe('chat.postMessage', () => {
  test('keeps text, blocks with ids, and metadata', async () => {
    const metadata = { event_type: 'incident', event_payload: { id: '7Q4' } }
    const ts = await posted({ blocks: section, metadata })
    expect(slack.message(incidents, ts)).toMatchObject({
      user: bot,
      text: 'Never built: shop',
      blocks: [{ type: 'section', block_id: expect.any(String) }],
      metadata,
      edits: 0,
    })
  })

  test('each ts is unique and later than the one before', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => posted()))
    expect(new Set(all).size).toBe(20)
    expect(all.every((ts) => /^\d{10}\.\d{6}$/.test(ts))).toBe(true)
    expect(slack.messages(incidents).map((message) => message.ts)).toEqual(all.toSorted())
  })

  test.each([
    [{ channel: 'C0NOWHERE1', text: 'a' }, 'channel_not_found'],
    [{ text: 'a' }, 'channel_not_found'],
    [{ channel: secret, text: 'a' }, 'channel_not_found'],
    [{ channel: general, text: 'a' }, 'not_in_channel'],
    [{ channel: archived, text: 'a' }, 'is_archived'],
    [{ channel: incidents }, 'no_text'],
    [{ channel: incidents, text: 'a', blocks: 'x' }, 'invalid_blocks_format'],
    [{ channel: incidents, text: 'a', markdown_text: 'b' }, 'markdown_text_conflict'],
    [{ channel: incidents, text: 'a', txet: 'b' }, 'invalid_arguments'],
    [{ channel: incidents, text: 'a', thread_ts: nowhere }, 'thread_not_found'],
    [{ channel: incidents, text: 'a', username: 'root' }, 'missing_scope'],
    [{ channel: incidents, text: 'a', metadata: { event_type: 'a' } }, 'invalid_metadata_format'],
    [
      { channel: incidents, text: 'a', metadata: { event_type: 'a', event_payload: { a: 'x'.repeat(8_001) } } },
      'metadata_too_large',
    ],
    [
      {
        channel: incidents,
        text: 'a',
        blocks: Array(5).fill({ type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(3_000) } }),
      },
      'msg_blocks_too_long',
    ],
  ])('refuses %#', async (args, error) => {
    expect(await call('chat.postMessage', args)).toMatchObject({ ok: false, error })
    expect(slack.messages(incidents)).toEqual([])
    expect(slack.calls.at(-1)).toMatchObject({ method: 'chat.postMessage', ok: false, error })
  })

  test('invalid blocks are told with their pointers, in two ways', async () => {
    const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(3_001) } }]
    const message = 'must be less than 3001 characters [json-pointer:/blocks/0/text/text]'
    expect(await call('chat.postMessage', { channel: incidents, text: 'a', blocks })).toMatchObject({
      error: 'invalid_blocks',
      errors: [message],
      response_metadata: { messages: [`[ERROR] ${message}`] },
    })
  })

  test('a workspace may not know a type of block yet', async () => {
    slack.refuseBlocks(['plan'])
    const blocks = [{ type: 'plan', title: 'Checking' }]
    expect(await call('chat.postMessage', { channel: incidents, text: 'a', blocks })).toMatchObject({
      error: 'invalid_blocks',
      errors: ['unsupported type: plan [json-pointer:/blocks/0/type]'],
    })
  })

  test('to a user is a direct message, the same one each time', async () => {
    const first = await call('chat.postMessage', { channel: maya, text: 'a' })
    const second = await call('chat.postMessage', { channel: maya, text: 'b' })
    expect(first.channel).toMatch(/^D/)
    expect(second.channel).toBe(first.channel)
  })

  test('text is cut off at 40 000 characters', async () => {
    const ts = await posted({ text: 'x'.repeat(40_005) })
    expect(slack.message(incidents, ts)?.text).toHaveLength(40_000)
  })

  test('a reply goes to its root, and to no other message', async () => {
    const root = await posted()
    const reply = await posted({ thread_ts: root })
    expect(slack.thread(incidents, root).map((message) => message.ts)).toEqual([root, reply])
    expect(await call('chat.postMessage', { channel: incidents, text: 'a', thread_ts: reply })).toMatchObject({
      error: 'cannot_reply_to_message',
    })
  })

  test('a locked thread and a deleted root take no replies', async () => {
    const [locked, deleted] = [await posted(), await posted()]
    await posted({ thread_ts: deleted })
    slack.lockThread(incidents, locked)
    await call('chat.delete', { channel: incidents, ts: deleted })
    const reply = (thread_ts: string) => call('chat.postMessage', { channel: incidents, text: 'a', thread_ts })
    expect(await reply(locked)).toMatchObject({ error: 'restricted_action_thread_locked' })
    expect(await reply(deleted)).toMatchObject({ error: 'cannot_reply_to_message' })
    expect(slack.thread(incidents, deleted)).toHaveLength(2)
  })
})

describe('chat.update', () => {
  test('changes what it names, keeps the rest, and counts', async () => {
    const metadata = { event_type: 'incident', event_payload: { id: '7Q4' } }
    const ts = await posted({ blocks: rich, metadata })
    await call('chat.update', { channel: incidents, ts, text: 'Fixed: shop' })
    expect(slack.message(incidents, ts)).toMatchObject({
      text: 'Fixed: shop',
      blocks: [{ type: 'rich_text' }],
      metadata,
      edits: 1,
    })
    await call('chat.update', { channel: incidents, ts, text: 'Fixed', metadata: {} })
    expect(slack.message(incidents, ts)).not.toHaveProperty('metadata')
  })

  test('rich text stays rich text', async () => {
    const ts = await posted({ blocks: rich })
    const args = { channel: incidents, ts, text: 'a' }
    expect(await call('chat.update', { ...args, blocks: section })).toMatchObject({ error: 'block_mismatch' })
    expect(await call('chat.update', { ...args, blocks: [] })).toMatchObject({ error: 'block_mismatch' })
    expect(await call('chat.update', { ...args, blocks: [...rich, ...section] })).toMatchObject({ ok: true })
    expect(slack.message(incidents, ts)?.edits).toBe(1)
  })

  test('refuses what it may not, and what is not there', async () => {
    const { message } = await slack.post({ user: maya, channel: incidents, text: 'mine' })
    const ts = await posted()
    const update = (more: object) => call('chat.update', { channel: incidents, ts, text: 'a', ...more })
    expect(await update({ ts: message.ts })).toMatchObject({ error: 'cant_update_message' })
    expect(await update({ ts: nowhere })).toMatchObject({ error: 'message_not_found' })
    expect(await update({ text: 'x'.repeat(4_001) })).toMatchObject({ error: 'msg_too_long' })
    expect(await update({ channel: secret })).toMatchObject({ error: 'channel_not_found' })
    expect(await update({ text: '' })).toMatchObject({ error: 'no_text' })
  })

  test('an ephemeral message cannot be updated', async () => {
    const { message_ts: ts } = await call('chat.postEphemeral', { channel: incidents, user: maya, text: 'for you' })
    expect(await call('chat.update', { channel: incidents, ts, text: 'a' })).toMatchObject({
      error: 'message_not_found',
    })
  })

  test('a workspace may close the window for edits', async () => {
    await using short = await startLocalSlack({ seed, editWindow: 0 })
    const by = new WebClient(short.botToken, {
      slackApiUrl: short.apiUrl,
      logger: quietLogger(),
      retryConfig: { retries: 0 },
    })
    const { ts } = await call('chat.postMessage', { channel: incidents, text: 'a' }, by)
    await expect
      .poll(() => call('chat.update', { channel: incidents, ts, text: 'b' }, by))
      .toMatchObject({ error: 'edit_window_closed' })
  })
})

describe('other messages', () => {
  test('an ephemeral one is for one member', async () => {
    expect(await call('chat.postEphemeral', { channel: incidents, user: maya, text: 'for you' })).toMatchObject({
      ok: true,
    })
    expect(slack.ephemerals(maya).map((each) => each.text)).toEqual(['for you'])
    expect(slack.ephemerals(tom)).toEqual([])
    expect(await call('chat.postEphemeral', { channel: incidents, user: 'U0NOBODY01', text: 'a' })).toMatchObject({
      error: 'user_not_in_channel',
    })
  })

  test('a deleted one is gone, if it was ours', async () => {
    const { message } = await slack.post({ user: maya, channel: incidents, text: 'mine' })
    const ts = await posted()
    expect(await call('chat.delete', { channel: incidents, ts })).toMatchObject({ ok: true })
    expect(slack.message(incidents, ts)).toBeUndefined()
    expect(await call('chat.delete', { channel: incidents, ts })).toMatchObject({ error: 'message_not_found' })
    expect(await call('chat.delete', { channel: incidents, ts: message.ts })).toMatchObject({
      error: 'cant_delete_message',
    })
  })

  test('a permalink names channel, message and thread', async () => {
    const root = await posted()
    const ts = await posted({ thread_ts: root })
    const link = `https://local.slack.com/archives/${incidents}/p${ts.replace('.', '')}`
    expect(await call('chat.getPermalink', { channel: incidents, message_ts: ts })).toMatchObject({
      permalink: `${link}?thread_ts=${root}&cid=${incidents}`,
    })
    expect(await call('chat.getPermalink', { channel: incidents, message_ts: nowhere })).toMatchObject({
      error: 'message_not_found',
    })
  })

  test('reactions are added once and removed once', async () => {
    const timestamp = await posted()
    const react = (method: string, name = 'eyes') =>
      call(`reactions.${method}`, { channel: incidents, timestamp, ...(method !== 'get' && { name }) })
    expect(await react('add')).toMatchObject({ ok: true })
    expect(await react('add')).toMatchObject({ error: 'already_reacted' })
    expect(await react('get')).toMatchObject({ message: { reactions: [{ name: 'eyes', users: [bot], count: 1 }] } })
    expect(await react('add', 'no such')).toMatchObject({ error: 'invalid_name' })
    expect(await react('remove')).toMatchObject({ ok: true })
    expect(await react('remove')).toMatchObject({ error: 'no_reaction' })
    expect(slack.message(incidents, timestamp)?.reactions).toEqual([])
  })

  test('a status is below its thread until the app replies', async () => {
    const root = await posted()
    await call('assistant.threads.setStatus', {
      channel_id: incidents,
      thread_ts: root,
      status: 'is checking the registry…',
      loading_messages: ['Reading the pod'],
    })
    expect(slack.statuses).toMatchObject([{ threadTs: root, status: 'is checking the registry…' }])
    await posted({ thread_ts: root })
    expect(slack.statuses).toEqual([])
  })
})

describe('conversations and people', () => {
  test('a channel says what it is', async () => {
    expect(await call('conversations.info', { channel: incidents, include_num_members: true })).toMatchObject({
      channel: {
        id: incidents,
        name: 'incidents',
        is_channel: true,
        is_private: false,
        is_ext_shared: false,
        is_member: true,
        num_members: 5,
      },
    })
    expect(await call('conversations.info', { channel: general })).toMatchObject({ channel: { is_member: false } })
    expect(await call('conversations.info', { channel: secret })).toMatchObject({ error: 'channel_not_found' })
  })

  test('lists hold what the bot may see, page by page', async () => {
    const first = await call('conversations.list', { limit: 2, types: 'public_channel,private_channel' })
    expect(first).toMatchObject({ channels: [{ id: incidents }, { id: general }] })
    const cursor = (first.response_metadata as { next_cursor: string }).next_cursor
    expect(await call('conversations.list', { cursor, exclude_archived: false })).toMatchObject({
      channels: [{ id: archived }],
      response_metadata: { next_cursor: '' },
    })
    expect(await call('conversations.list', { exclude_archived: true })).toMatchObject({
      channels: [{ id: incidents }, { id: general }],
    })
    expect(await call('conversations.list', { cursor: 'x' })).toMatchObject({ error: 'invalid_cursor' })
  })

  test('members', async () => {
    expect(await call('conversations.members', { channel: general })).toMatchObject({ members: [maya, tom] })
  })

  test('history has roots, newest first; replies have their thread; metadata only when asked for', async () => {
    const metadata = { event_type: 'incident', event_payload: { id: '7Q4' } }
    const root = await posted({ metadata })
    const reply = await posted({ thread_ts: root })
    const other = await posted()
    const history = (more: object = {}) => call('conversations.history', { channel: incidents, ...more })
    expect(await history()).toMatchObject({
      messages: [{ ts: other }, { ts: root, reply_count: 1, latest_reply: reply }],
    })
    expect(JSON.stringify(await history())).not.toContain('event_payload')
    expect(await history({ include_all_metadata: true, latest: root, inclusive: true })).toMatchObject({
      messages: [{ ts: root, metadata }],
    })
    expect(await history({ oldest: root })).toMatchObject({ messages: [{ ts: other }] })
    expect(await call('conversations.replies', { channel: incidents, ts: root })).toMatchObject({
      messages: [{ ts: root }, { ts: reply, thread_ts: root }],
    })
    expect(await call('conversations.replies', { channel: incidents, ts: nowhere })).toMatchObject({
      error: 'thread_not_found',
    })
    expect(await call('conversations.history', { channel: general })).toMatchObject({ error: 'not_in_channel' })
  })

  test('users say whether they are guests or strangers', async () => {
    expect(await call('users.info', { user: maya })).toMatchObject({ user: { is_restricted: false } })
    expect(await call('users.info', { user: tom })).toMatchObject({ user: { is_restricted: true } })
    expect(await call('users.info', { user: eve })).toMatchObject({
      user: { is_stranger: true, team_id: 'T0STRANGER1' },
    })
    expect(await call('users.info', { user: 'U0NOBODY01' })).toMatchObject({ error: 'user_not_found' })
  })

  test('user groups and who is in them', async () => {
    expect(await call('usergroups.list', { include_users: true })).toMatchObject({
      usergroups: [{ id: oncall, handle: 'platform-oncall', users: [maya] }],
    })
    expect(await call('usergroups.users.list', { usergroup: oncall })).toMatchObject({ users: [maya] })
    expect(await call('usergroups.users.list', { usergroup: 'S0NOTHING1' })).toMatchObject({ error: 'no_such_subteam' })
  })

  test('a conversation is opened with one or several', async () => {
    expect(await call('conversations.open', { users: maya })).toMatchObject({
      channel: { id: expect.stringMatching(/^D/) },
    })
    expect(await call('conversations.open', { users: `${maya},${tom}` })).toMatchObject({ ok: true })
    expect(await call('conversations.open', { users: 'U0NOBODY01' })).toMatchObject({ error: 'user_not_found' })
    expect(slack.channels.filter((channel) => channel.kind === 'mpim')).toHaveLength(1)
  })
})

test('blocks.validate says what is wrong, of exactly one thing', async () => {
  expect(await call('blocks.validate', { blocks: section })).toMatchObject({ ok: true, errors: [] })
  expect(await call('blocks.validate', { message: { blocks: [{ type: 'x' }] } })).toMatchObject({
    errors: [{ code: 'invalid_blocks', pointer: '/message/blocks/0/type' }],
  })
  expect(await call('blocks.validate', { view: { type: 'home' } })).toMatchObject({ errors: [{ pointer: '/view' }] })
  expect(await call('blocks.validate', { blocks: section, view: {} })).toMatchObject({ error: 'invalid_arguments' })
})

test('a change is told to who listens, until they do not', async () => {
  let changes = 0
  const end = slack.onChange(() => {
    changes += 1
  })
  await posted()
  expect(changes).toBe(1)
  end()
  await posted()
  expect(changes).toBe(1)
})
