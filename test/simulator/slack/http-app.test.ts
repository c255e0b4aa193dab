import type { App } from '@slack/bolt'
import { beforeEach, describe, expect, test } from 'vitest'
import type { LocalSlack } from '../../../src/simulator/slack/local-slack.ts'
import { startLocalSlack } from '../../../src/simulator/slack/start.ts'
import { appServer } from '../../support/app-server.ts'
import { boltApp } from '../../support/bolt-app.ts'
import { manualClock } from '../../support/manual-clock.ts'
import { slackWorkspace } from '../../support/slack-workspace.ts'

const { seed, bot, incidents, general, secret, archived, between, maya, tom, eve, alertmanager } = slackWorkspace
const plain = (text: string) => ({ type: 'plain_text' as const, text })
const confirm = { text: plain('Sure?') }
const buttons = [
  {
    type: 'actions',
    elements: [
      { type: 'button', action_id: 'again', text: plain('Check again'), value: '7Q4' },
      { type: 'button', action_id: 'rerun', text: plain('Rerun build'), value: '7Q4', confirm },
      { type: 'overflow', action_id: 'more', options: [{ text: plain('Mute 1 h'), value: 'mute' }] },
      { type: 'static_select', action_id: 'pick', options: [{ text: plain('prod'), value: 'prod' }] },
    ],
  },
]

/** What the listeners of an app were given, in order. */
let seen: Record<string, unknown>[] = []
beforeEach(() => {
  seen = []
})

function listen(app: App): void {
  app.command('/imagepull', async ({ ack, command }) => {
    seen.push({ ...command })
    await ack(command.text === 'quiet' ? undefined : { text: `looking at ${command.text}` })
  })
  app.action(/.*/, async ({ ack, body }) => {
    seen.push({ ...body })
    await ack()
  })
  app.shortcut(/.*/, async ({ ack, body }) => {
    seen.push({ ...body })
    await ack()
  })
  app.event(/.*/, async ({ body, context }) => {
    seen.push({ ...body.event, retryNum: context.retryNum })
  })
}

async function withApp(run: (slack: LocalSlack) => Promise<void>): Promise<void> {
  await using slack = await startLocalSlack({ seed, limits: 'none' })
  await using _ = await boltApp(slack, listen)
  await run(slack)
}

async function posted(slack: LocalSlack, blocks: object[] = buttons) {
  const body = JSON.stringify({ channel: incidents, text: 'Never built', blocks })
  const headers = { authorization: `Bearer ${slack.botToken}`, 'content-type': 'application/json' }
  await fetch(`${slack.apiUrl}chat.postMessage`, { method: 'POST', headers, body })
  const message = slack.messages(incidents).at(-1)
  if (!message) throw new Error('nothing was posted')
  return message
}

describe('a slash command', () => {
  const typed = { user: maya, channel: incidents, command: '/imagepull', text: 'my-app' }

  test('arrives with every field, and its answer is shown to its user alone', () =>
    withApp(async (slack) => {
      expect(await slack.command(typed)).toMatchObject({
        status: 200,
        body: { text: 'looking at my-app' },
        attempts: 1,
      })
      expect(seen).toMatchObject([
        {
          command: '/imagepull',
          text: 'my-app',
          user_id: maya,
          user_name: 'maya',
          channel_id: incidents,
          channel_name: 'incidents',
          team_id: slack.team.id,
          team_domain: 'local',
          api_app_id: slack.bot.appId,
          is_enterprise_install: 'false',
          response_url: expect.stringContaining(`${slack.url}/commands/`),
          trigger_id: expect.any(String),
        },
      ])
      expect(slack.ephemerals(maya).map(slack.plainText)).toEqual(['looking at my-app'])
      expect(slack.ephemerals(tom)).toEqual([])
      expect(slack.messages(incidents)).toEqual([])
    }))

  test('may be acknowledged without a word', () =>
    withApp(async (slack) => {
      expect(await slack.command({ ...typed, text: 'quiet' })).toMatchObject({ status: 200, body: undefined })
      expect(slack.ephemerals(maya)).toEqual([])
    }))

  test.each([
    [secret, 'privategroup'],
    [between, 'directmessage'],
  ])('works where the bot is not, %s, and says %s instead of a name', (channel, name) =>
    withApp(async (slack) => {
      await slack.command({ ...typed, channel })
      expect(seen).toMatchObject([{ channel_id: channel, channel_name: name }])
      expect(slack.ephemerals(maya)).toMatchObject([{ channel, text: 'looking at my-app' }])
    }),
  )

  test('goes out as a form without a charset', () =>
    withApp(async (slack) => {
      await slack.command(typed)
      expect(slack.deliveries[0]?.post?.headers['content-type']).toBe('application/x-www-form-urlencoded')
    }))

  test.each([
    [{ channel: secret, user: tom }, 'not-in-channel'],
    [{ channel: archived }, 'is-archived'],
    [{ channel: 'C0NOWHERE1' }, 'no-such-channel'],
    [{ user: 'U0NOBODY01' }, 'no-such-user'],
  ])('cannot be typed: %j', (where, code) =>
    withApp(async (slack) => {
      await expect(slack.command({ ...typed, ...where })).rejects.toMatchObject({ code })
      expect(seen).toEqual([])
    }),
  )

  test('needs an app, and the scope', async () => {
    await using slack = await startLocalSlack({ seed, scopes: ['chat:write'] })
    await expect(slack.command(typed)).rejects.toMatchObject({ code: 'missing-scope' })
    await using alone = await startLocalSlack({ seed })
    await expect(alone.command(typed)).rejects.toMatchObject({ code: 'app-not-connected' })
  })

  test('an answer that Slack would not show is told as such', async () => {
    await using slack = await startLocalSlack({ seed })
    await using server = await appServer((_, response) => response.end('{"text":"a","blocks":[{"type":"x"}]}'))
    slack.connectApp(server.address)
    expect(await slack.command(typed)).toMatchObject({ status: 200, refused: 'invalid_blocks' })
    expect(slack.ephemerals(maya)).toEqual([])
  })

  test('an app that does not answer within 3 s has failed', async () => {
    const clock = manualClock()
    await using slack = await startLocalSlack({ seed, clock })
    await using server = await appServer(() => clock.advance(3_000))
    slack.connectApp(server.address)
    expect(await slack.command(typed)).toMatchObject({ status: 'timeout', body: undefined })
  })

  test('an app that is not there has failed', async () => {
    await using slack = await startLocalSlack({ seed, eventsUrl: 'http://127.0.0.1:1/slack/events' })
    expect(await slack.command(typed)).toMatchObject({ status: 'connection-failed' })
  })
})

describe('signatures', () => {
  const typed = { user: maya, channel: incidents, command: '/imagepull', text: 'my-app' }

  test.each([
    ['of another secret', { secret: 'wrong' }, 401],
    ['6 minutes old', { skew: -6 * 60_000 }, 401],
    // Bolt only looks for what is too old: https://github.com/slackapi/bolt-js, verify-request.ts
    ['an hour in the future', { skew: 60 * 60_000 }, 200],
  ])('%s: %j is %i', (_, sending, status) =>
    withApp(async (slack) => {
      expect(await slack.command(typed, sending)).toMatchObject({ status })
      expect(seen).toHaveLength(status === 200 ? 1 : 0)
    }),
  )

  test('the very same request can be sent once more', () =>
    withApp(async (slack) => {
      await slack.command(typed)
      const post = slack.deliveries[0]?.post
      expect(post && (await slack.replay(post))).toMatchObject({ status: 200 })
      expect(seen).toHaveLength(2)
      expect(seen[1]).toEqual(seen[0])
      expect(post && (await slack.replay({ ...post, body: `${post.body}&text=other` }))).toMatchObject({ status: 401 })
    }))
})

describe('a button', () => {
  test('is pressed, and the payload says where and by whom', () =>
    withApp(async (slack) => {
      const message = await posted(slack)
      expect(await slack.press({ user: maya, message, actionId: 'again' })).toMatchObject({ status: 200 })
      expect(seen).toMatchObject([
        {
          type: 'block_actions',
          user: { id: maya, username: 'maya', team_id: slack.team.id },
          team: { id: slack.team.id, domain: 'local' },
          api_app_id: slack.bot.appId,
          channel: { id: incidents, name: 'incidents' },
          container: { type: 'message', message_ts: message.ts, channel_id: incidents, is_ephemeral: false },
          message: { ts: message.ts, user: bot, blocks: [{ type: 'actions' }] },
          response_url: expect.stringContaining('/actions/'),
          actions: [
            {
              type: 'button',
              action_id: 'again',
              block_id: expect.any(String),
              value: '7Q4',
              text: plain('Check again'),
              action_ts: expect.any(String),
            },
          ],
        },
      ])
    }))

  test('with a confirmation needs a yes, which the payload does not show', () =>
    withApp(async (slack) => {
      const message = await posted(slack)
      await expect(slack.press({ user: maya, message, actionId: 'rerun' })).rejects.toMatchObject({
        code: 'not-confirmed',
      })
      expect(seen).toEqual([])
      await slack.press({ user: maya, message, actionId: 'rerun', confirmed: true })
      expect(seen).toMatchObject([{ actions: [{ action_id: 'rerun', value: '7Q4' }] }])
    }))

  test.each([
    ['more', 'mute', 'overflow', 'mute'],
    ['pick', 'prod', 'static_select', 'prod'],
  ])('a menu: %s, %s', (actionId, value, type, chosen) =>
    withApp(async (slack) => {
      const message = await posted(slack)
      await slack.press({ user: maya, message, actionId, value })
      expect(seen).toMatchObject([{ actions: [{ type, selected_option: { value: chosen } }] }])
      await expect(slack.press({ user: maya, message, actionId, value: 'other' })).rejects.toMatchObject({
        code: 'no-such-element',
      })
    }),
  )

  test('that is not shown cannot be pressed', () =>
    withApp(async (slack) => {
      const message = await posted(slack)
      const press = (more: object) => slack.press({ user: maya, message, actionId: 'again', ...more })
      await expect(press({ actionId: 'delete' })).rejects.toThrow(
        'no delete to press: there is again, rerun, more, pick',
      )
      await expect(press({ user: 'U0NOBODY01' })).rejects.toMatchObject({ code: 'no-such-user' })
      await slack.deleteMessage({ user: maya, message })
      await expect(press({})).rejects.toMatchObject({ code: 'no-such-message' })
    }))

  test('that an edit took away cannot be pressed, though its message is still at hand', () =>
    withApp(async (slack) => {
      const message = await posted(slack)
      const args = { channel: incidents, ts: message.ts, text: 'done', blocks: [{ type: 'divider' }] }
      const headers = { authorization: `Bearer ${slack.botToken}`, 'content-type': 'application/json' }
      await fetch(`${slack.apiUrl}chat.update`, { method: 'POST', headers, body: JSON.stringify(args) })
      await expect(slack.press({ user: maya, message, actionId: 'again' })).rejects.toMatchObject({
        code: 'no-such-element',
      })
    }))

  test('that stands twice is named by its value or block', () =>
    withApp(async (slack) => {
      const section = (value: string) => ({
        type: 'section',
        block_id: value,
        text: plain(value),
        accessory: { type: 'button', action_id: 'choose', text: plain('This'), value },
      })
      const container = { type: 'container', title: plain('Pods'), child_blocks: [section('b')] }
      const message = await posted(slack, [section('a'), container])
      await expect(slack.press({ user: maya, message, actionId: 'choose' })).rejects.toMatchObject({
        code: 'ambiguous',
      })
      await slack.press({ user: maya, message, actionId: 'choose', value: 'b' })
      await slack.press({ user: maya, message, actionId: 'choose', blockId: 'a' })
      expect(seen).toMatchObject([{ actions: [{ value: 'b', block_id: 'b' }] }, { actions: [{ value: 'a' }] }])
    }))

  test('in an ephemeral message is for its reader alone', () =>
    withApp(async (slack) => {
      const body = JSON.stringify({ channel: incidents, user: maya, text: 'a', blocks: buttons })
      const headers = { authorization: `Bearer ${slack.botToken}`, 'content-type': 'application/json' }
      await fetch(`${slack.apiUrl}chat.postEphemeral`, { method: 'POST', headers, body })
      const [ephemeral] = slack.ephemerals(maya)
      if (!ephemeral) throw new Error('nothing was shown')
      await slack.press({ user: maya, ephemeral, actionId: 'again' })
      expect(seen).toMatchObject([{ container: { is_ephemeral: true, message_ts: ephemeral.ts } }])
      expect(seen[0]).not.toHaveProperty('message')
      await expect(slack.press({ user: tom, ephemeral, actionId: 'again' })).rejects.toMatchObject({
        code: 'no-such-message',
      })
    }))
})

test('a message shortcut brings its message', () =>
  withApp(async (slack) => {
    const message = await posted(slack)
    expect(await slack.shortcut({ user: maya, message, callbackId: 'diagnose' })).toMatchObject({ status: 200 })
    expect(seen).toMatchObject([
      { type: 'message_action', callback_id: 'diagnose', message_ts: message.ts, message: { text: 'Never built' } },
    ])
  }))

describe('events', () => {
  test('a mention is both app_mention and message, with the thread it is in', () =>
    withApp(async (slack) => {
      const root = await posted(slack)
      const said = await slack.mention({ user: maya, channel: incidents, text: 'again <@U1>', thread: root.ts })
      expect(said).toMatchObject({ status: 200, message: { text: `<@${bot}> again &lt;@U1&gt;`, threadTs: root.ts } })
      const event = { user: maya, channel: incidents, thread_ts: root.ts, ts: said.message.ts, parent_user_id: bot }
      expect(seen.toSorted((a, b) => String(a.type).localeCompare(String(b.type)))).toMatchObject([
        { type: 'app_mention', ...event },
        { type: 'message', channel_type: 'channel', ...event },
      ])
    }))

  test('what other bots post arrives with its attachments', () =>
    withApp(async (slack) => {
      const attachments = [{ color: 'danger', title: 'KubePodNotReady', text: 'shop/api-1 <!channel>' }]
      const said = await slack.post({ bot: alertmanager, channel: incidents, attachments })
      expect(seen).toMatchObject([{ type: 'message', subtype: 'bot_message', bot_id: alertmanager, attachments }])
      expect(said.message.mentions).toEqual([{ kind: 'broadcast', id: 'channel', pointer: '/attachments/0/text' }])
    }))

  test('edits, deletions, reactions and changes of the channel', () =>
    withApp(async (slack) => {
      const { message } = await slack.post({ user: maya, channel: incidents, text: 'a' })
      await slack.editPost({ user: maya, message, text: 'b' })
      await slack.react({ user: tom, message, name: 'eyes' })
      await slack.deleteMessage({ user: maya, message })
      await slack.inviteBot({ user: maya, channel: general })
      await slack.share({ user: maya, channel: general })
      await slack.kickBot({ user: maya, channel: general })
      await slack.archive({ user: maya, channel: incidents })
      expect(seen.map(({ type, subtype }) => subtype ?? type)).toEqual([
        'message',
        'message_changed',
        'reaction_added',
        'message_deleted',
        'member_joined_channel',
        'channel_shared',
        'channel_left',
        'channel_archive',
      ])
      expect(slack.channels.slice(0, 2)).toMatchObject([{ isArchived: true }, { isExtShared: true }])
      expect(slack.messages(incidents)).toEqual([])
    }))

  test('are not told to an app that is not in the channel, or lacks the scope', async () => {
    await using slack = await startLocalSlack({ seed, scopes: ['chat:write', 'app_mentions:read'] })
    await using _ = await boltApp(slack, listen)
    expect(await slack.mention({ user: maya, channel: general, text: 'hello' })).toMatchObject({ status: 'not-sent' })
    expect(await slack.post({ user: maya, channel: incidents, text: 'a' })).toMatchObject({ status: 'not-sent' })
    expect(await slack.mention({ user: maya, channel: incidents, text: 'hello' })).toMatchObject({ status: 200 })
    expect(seen.map((event) => event.type)).toEqual(['app_mention'])
  })

  test('nobody writes or edits for others, or what Slack refuses', () =>
    withApp(async (slack) => {
      const { message } = await slack.post({ user: maya, channel: incidents, text: 'a' })
      await expect(slack.editPost({ user: tom, message, text: 'b' })).rejects.toMatchObject({ code: 'not-own-message' })
      await expect(slack.post({ user: eve, channel: general, text: 'a' })).rejects.toMatchObject({
        code: 'not-in-channel',
      })
      await expect(slack.post({ user: maya, channel: incidents })).rejects.toMatchObject({ code: 'invalid-message' })
      await expect(
        slack.post({ user: maya, channel: incidents, text: 'a', thread: '1763952000.000100' }),
      ).rejects.toMatchObject({ code: 'no-such-message' })
    }))
})

describe('events that the app does not take', () => {
  /** A server that answers so, one after the other, and notes the headers of retries. */
  async function answering(statuses: readonly number[], headers: Record<string, string> = {}) {
    const retries: unknown[] = []
    const server = await appServer((request, response) => {
      const status = statuses[retries.length] ?? 200
      const { 'x-slack-retry-num': num, 'x-slack-retry-reason': reason } = request.headers
      retries.push(num && [num, reason])
      response.writeHead(status, headers).end()
    })
    return { retries, server }
  }
  const said = { user: maya, channel: incidents, text: 'a' }

  test('come again at once', async () => {
    const { retries, server } = await answering([500])
    await using _ = server
    await using slack = await startLocalSlack({ seed, eventsUrl: server.address })
    expect(await slack.post(said)).toMatchObject({ status: 200, attempts: 2 })
    expect(retries).toEqual([undefined, ['1', 'http_error']])
  })

  test('after 1 and 5 minutes, and then no more', async () => {
    const clock = manualClock()
    const { retries, server } = await answering([500, 500, 500, 500, 500])
    await using _ = server
    await using slack = await startLocalSlack({ seed, clock, eventsUrl: server.address })
    expect(await slack.post(said)).toMatchObject({ status: 500, attempts: 2 })
    await clock.advance(59_999)
    expect(retries).toHaveLength(2)
    await clock.advance(1)
    await expect.poll(() => slack.deliveries).toHaveLength(3)
    await clock.advance(300_000)
    await expect.poll(() => slack.deliveries).toHaveLength(4)
    await clock.advance(3_600_000)
    expect(retries).toEqual([undefined, ['1', 'http_error'], ['2', 'http_error'], ['3', 'http_error']])
    const bodies = slack.deliveries.map((delivery) => delivery.post?.body)
    expect(new Set(bodies).size).toBe(1)
  })

  test('not, where the app says so', async () => {
    const { retries, server } = await answering([500], { 'x-slack-no-retry': '1' })
    await using _ = server
    await using slack = await startLocalSlack({ seed, eventsUrl: server.address })
    expect(await slack.post(said)).toMatchObject({ status: 500, attempts: 1 })
    expect(retries).toHaveLength(1)
  })

  test('come again when no answer came in 3 s', async () => {
    const clock = manualClock()
    let requests = 0
    await using server = await appServer((request, response) => {
      requests += 1
      if (requests === 1) clock.advance(3_000)
      else response.end(String(request.headers['x-slack-retry-reason']))
    })
    await using slack = await startLocalSlack({ seed, clock, eventsUrl: server.address })
    expect(await slack.post(said)).toMatchObject({ status: 200, body: 'http_timeout', attempts: 2 })
  })
})
