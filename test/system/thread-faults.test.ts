import { describe, expect, test } from 'vitest'
import type { LocalSlack } from '../../src/simulator/slack/local-slack.ts'
import type { Message } from '../../src/simulator/slack/workspace/records.ts'
import { type Conversation, conversation } from '../support/conversation.ts'
import { whyNoRedis } from '../support/redis-server.ts'
import { until } from '../support/running-app.ts'
import { slackWorkspace } from '../support/slack-workspace.ts'

const { maya, incidents, bot } = slackWorkspace

if (whyNoRedis && process.env.REQUIRE_ALL) throw new Error(whyNoRedis)
if (whyNoRedis) console.log(`skipped: ${whyNoRedis}`)

/** Root, plan and findings are there, and the root says so: it comes back. */
function complete({ slack, own, roots }: Conversation, seconds = 50): Promise<Message> {
  return until(
    'root, plan and findings, and the root says DOWN',
    () => {
      const root = roots().find((it) => /🔴 DOWN/.test(slack.plainText(it)))
      const all = [/✓ Reading the pod/, /Why:/].every((part) => own().some((it) => part.test(slack.plainText(it))))
      return all && root
    },
    seconds,
  )
}

describe.skipIf(whyNoRedis).concurrent('a thread, while Slack does not behave', () => {
  test.each<[string, (slack: LocalSlack) => void]>([
    ['posts are limited', (slack) => slack.fail('chat.postMessage', { kind: 'rate-limited', retryAfter: 1 }, 2)],
    ['edits are limited', (slack) => slack.fail('chat.update', { kind: 'rate-limited', retryAfter: 1 }, 2)],
    [
      'posts fail before they took effect',
      (slack) => slack.fail('chat.postMessage', { kind: 'server-error', effect: 'before' }, 2),
    ],
    [
      'posts fail after they took effect',
      (slack) => slack.fail('chat.postMessage', { kind: 'server-error', effect: 'after' }, 3),
    ],
    ['connections break before', (slack) => slack.fail('chat.postMessage', { kind: 'reset', effect: 'before' }, 1)],
    ['connections break after', (slack) => slack.fail('chat.postMessage', { kind: 'reset', effect: 'after' }, 2)],
    ['edits fail', (slack) => slack.fail('chat.update', { kind: 'server-error', effect: 'before' }, 2)],
    [
      'Slack refuses the token for a while',
      (slack) => slack.fail('chat.postMessage', { kind: 'refusal', error: 'token_revoked' }, 1),
    ],
    [
      'what a lost post is looked for with fails, too',
      (slack) => {
        slack.fail('chat.postMessage', { kind: 'server-error', effect: 'after' }, 1)
        slack.fail('conversations.history', { kind: 'server-error', effect: 'before' }, 1)
      },
    ],
  ])('%s: nothing is lost, nothing is there twice', async (_of, fault) => {
    await using talk = await conversation({ redis: true })
    fault(talk.slack)
    await talk.ask()
    await complete(talk)
    expect(talk.roots()).toHaveLength(1)
    expect(talk.own()).toHaveLength(3)
  })

  test('a post that never answers is found again', async () => {
    await using talk = await conversation({ redis: true })
    const { slack } = talk
    slack.fail('chat.postMessage', { kind: 'hang', effect: 'after' }, 1)
    await talk.ask()
    await complete(talk)
    expect(talk.own()).toHaveLength(3)
  })

  test('where the channel may not be read a lost post is made again, and that is said in the log', async () => {
    await using talk = await conversation({ redis: true })
    const { slack } = talk
    slack.fail('chat.postMessage', { kind: 'server-error', effect: 'after' }, 1)
    slack.fail('conversations.history', { kind: 'refusal', error: 'missing_scope' }, 1)
    await talk.ask()
    await complete(talk)
    expect(talk.roots()).toHaveLength(2)
  })

  test('a workspace that knows neither plans nor containers gets the plainer forms', async () => {
    await using talk = await conversation({ redis: true })
    const { slack } = talk
    slack.refuseBlocks(['plan', 'container'])
    await talk.ask()
    await complete(talk)
    const findings = await until('findings with a button for the details', () =>
      talk.own().find((it) => /\[Details\]/.test(slack.plainText(it))),
    )
    await slack.press({ user: maya, message: findings, actionId: 'imagepull:details' })
    const view = await until('a window with the details', () => slack.views(maya).at(-1))
    expect(slack.plainText({ text: '', blocks: view.content.blocks as Message['blocks'], attachments: [] })).toContain(
      'How to verify',
    )
    expect(talk.own()).toHaveLength(3)
  })

  test('a root that somebody deleted begins anew, and says so', async () => {
    await using talk = await conversation({ redis: true })
    const { slack } = talk
    await talk.ask()
    const root = await complete(talk)
    await slack.deleteMessage({ user: bot, message: root })
    talk.cluster.store.remove('pods', { namespace: 'shop', name: 'web-5d9cf86b95-26kvf' })
    talk.cluster.store.remove('deployments', { namespace: 'shop', name: 'web' })
    const next = await until(
      'another root, when there is something to say',
      () => talk.roots().find(({ ts }) => ts !== root.ts),
      40,
    )
    expect(slack.plainText(next)).toMatch(/⚪ GONE[\s\S]*was deleted/)
  })

  test('a thread that was locked begins anew', async () => {
    await using talk = await conversation({ redis: true })
    const { slack } = talk
    await talk.ask()
    const root = await until('the root', () => talk.roots()[0])
    slack.lockThread(incidents, root.ts)
    await until(
      'another root, with its thread',
      () => talk.roots().length === 2 && slack.thread(incidents, talk.roots()[1]?.ts ?? '').length === 3,
    )
  })

  test('a channel that is shared meanwhile: the buttons go', async () => {
    await using talk = await conversation({ redis: true })
    const { slack } = talk
    await talk.ask()
    await complete(talk)
    await slack.share({ user: maya, channel: incidents })
    await talk.restart() // what is known of the channel is kept for some minutes
    await talk.ask()
    await until('no button is left', () => talk.own().every((it) => !/\[Check again\]/.test(slack.plainText(it))))
  })

  test('a request that is sent again is passed over', async () => {
    await using talk = await conversation({ redis: true })
    const { slack } = talk
    await talk.ask()
    await complete(talk)
    const [delivery] = slack.deliveries
    if (!delivery?.post) throw new Error('a command was delivered over HTTP')
    const before = slack.calls.length
    expect(await slack.replay(delivery.post)).toMatchObject({ status: 200 })
    expect(slack.calls.length).toBe(before)
  })

  test.each<[string, number]>([
    ['an hour old', -3_600_000],
    ['an hour in the future', 3_600_000],
  ])('a request that is %s is refused', async (_of, skew) => {
    await using talk = await conversation({ redis: true })
    const { slack } = talk
    const answer = await slack.command({ user: maya, channel: incidents, command: '/imagepull', text: 'x' }, { skew })
    expect(answer.status).toBe(401)
  })

  test('a forged one as well', async () => {
    await using talk = await conversation({ redis: true })
    const { slack } = talk
    const answer = await slack.command(
      { user: maya, channel: incidents, command: '/imagepull', text: 'x' },
      { secret: 'another-signing-secret' },
    )
    expect(answer.status).toBe(401)
  })
})
