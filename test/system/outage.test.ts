import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { shortcutCallback } from '../../src/slack/listeners/entry.ts'
import { type Conversation, conversation } from '../support/conversation.ts'
import { untilIdle } from '../support/idle.ts'
import { type RedisServer, whyNoRedis } from '../support/redis-server.ts'
import { until } from '../support/running-app.ts'
import { slackWorkspace } from '../support/slack-workspace.ts'

const { maya, incidents } = slackWorkspace

if (whyNoRedis && process.env.REQUIRE_ALL) throw new Error(whyNoRedis)
if (whyNoRedis) console.log(`skipped: ${whyNoRedis}`)

const byHand = /I can't start a check now[\s\S]*kubectl describe pod NAME -n NAMESPACE/

interface Scene extends Conversation {
  readonly redis: RedisServer
}

async function scene(): Promise<Scene> {
  const talk = await conversation({ redis: true })
  if (!talk.redis) throw new Error('it was asked for')
  return { ...talk, redis: talk.redis }
}

/** Root, plan and findings, and the root says how it stands. */
const isComplete = ({ slack, own }: Conversation): boolean =>
  [/🔴 DOWN/, /✓ Reading the pod/, /Why:/].every((part) => own().some((it) => part.test(slack.plainText(it))))

/** Nothing was lost, and nothing is there twice. */
async function expectOneThread(talk: Conversation): Promise<void> {
  await until('the thread is complete', () => isComplete(talk))
  await untilIdle(talk.url)
  expect(talk.roots()).toHaveLength(1)
  expect(talk.own()).toHaveLength(3)
}

const outages: readonly (readonly [string, (redis: RedisServer) => unknown, (redis: RedisServer) => unknown])[] = [
  ['killed', (redis) => redis.kill(), (redis) => redis.start()],
  ['silent', (redis) => redis.freeze(), (redis) => redis.thaw()],
]

describe.skipIf(whyNoRedis).concurrent.each(outages)('while Redis is %s', (_of, leave, back) => {
  test('a command is answered in time with what to do by hand, and works again after', async () => {
    await using talk = await scene()
    await leave(talk.redis)
    const answer = await talk.ask() // the local Slack waits for three seconds, as the real one
    expect(answer).toMatchObject({ status: 200, attempts: 1 })
    expect(JSON.stringify(answer.body)).toMatch(byHand)
    await back(talk.redis)
    await talk.ask()
    await expectOneThread(talk)
  })

  test.each([
    ['a mention', 'shop/web-5d9cf86b95-26kvf'],
    ['a mention that means its thread', ''],
  ])('%s is answered to who wrote it', async (_name, text) => {
    await using talk = await scene()
    await talk.ask()
    await expectOneThread(talk)
    const before = talk.slack.ephemerals(maya).length
    await leave(talk.redis)
    const thread = talk.roots()[0]?.ts ?? ''
    await talk.slack.mention({ user: maya, channel: incidents, text, thread })
    await until('a sentence', () =>
      talk.slack
        .ephemerals(maya)
        .slice(before)
        .some((it) => byHand.test(talk.slack.plainText(it))),
    )
    await back(talk.redis)
  })

  test('a shortcut is answered to who used it', async () => {
    await using talk = await scene()
    await talk.ask()
    await expectOneThread(talk)
    const root = talk.roots()[0]
    if (!root) throw new Error('it is there')
    await leave(talk.redis)
    await talk.slack.shortcut({ user: maya, message: root, callbackId: shortcutCallback })
    await talk.told(maya, byHand)
    await back(talk.redis)
  })

  test('a button is answered to who pressed it', async () => {
    await using talk = await scene()
    await talk.ask()
    const findings = await talk.verdict(/Why:/)
    await leave(talk.redis)
    await talk.slack.press({ user: maya, message: talk.now(findings), actionId: 'imagepull:check-again' })
    await talk.told(maya, byHand)
    await back(talk.redis)
  })

  test.each([0, 1, 2])('from after %i posts: nothing is lost, nothing is there twice', async (posts) => {
    await using talk = await scene()
    const { slack } = talk
    await talk.ask()
    const made = () => slack.calls.filter(({ method }) => method === 'chat.postMessage').length
    await until('the posts before', () => made() >= posts)
    await leave(talk.redis)
    await sleep(4_000) // longer than anything waits for it
    await back(talk.redis)
    await expectOneThread(talk)
  })
})
