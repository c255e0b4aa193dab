import { describe, expect, test } from 'vitest'
import { validateHouseRules } from '../../src/simulator/slack/validation/validate.ts'
import type { Content } from '../../src/simulator/slack/workspace/records.ts'
import { conversation } from '../support/conversation.ts'
import { whyNoRedis } from '../support/redis-server.ts'
import { until } from '../support/running-app.ts'
import { slackWorkspace } from '../support/slack-workspace.ts'

const { maya, tom, incidents, general, archived } = slackWorkspace

if (whyNoRedis && process.env.REQUIRE_ALL) throw new Error(whyNoRedis)
if (whyNoRedis) console.log(`skipped with Redis: ${whyNoRedis}`)

const places = [
  { name: 'Redis, HTTP', redis: true, socket: false },
  { name: 'Redis, Socket Mode', redis: true, socket: true },
  { name: 'embedded, HTTP', redis: false, socket: false },
].filter(({ redis }) => !(redis && whyNoRedis))

/** The value of the first button or option of that form. */
function valueIn({ blocks }: Pick<Content, 'blocks'>, form: RegExp): string {
  const values = [...JSON.stringify(blocks).matchAll(/"value":"([^"]+)"/g)].map(([, value = '']) => value)
  return values.find((value) => form.test(value)) ?? ''
}

describe.each(places)('a conversation: $name', (place) => {
  // Several embedded databases in one process would wait for each other.
  describe('leads to an answer', { concurrent: place.redis }, () => {
    test('a command leads to a thread with the verdict, and calls who asked by name', async () => {
      await using talk = await conversation(place)
      const { slack } = talk
      expect(await talk.ask('web-5d9cf86b95-26kvf')).toMatchObject({ status: 200, body: undefined })
      const findings = await talk.verdict(/Tag does not exist/)
      expect(slack.plainText(findings)).toContain('@maya Tag does not exist')
      expect(findings.mentions.map(({ id }) => id)).toEqual([maya])
      const root = await until('the root says so', () =>
        talk.roots().find((it) => /🔴 DOWN · web: tag does not exist/.test(slack.plainText(it))),
      )
      expect(slack.plainText(root)).toContain('0 of 1 ready since')
      expect(talk.roots()).toHaveLength(1)
      expect(slack.thread(root.channel, root.ts)).toHaveLength(3)
      for (const { text } of talk.own()) expect(validateHouseRules({ text })).toEqual([])
    })

    test('whoever asks for the same joins the thread', async () => {
      await using talk = await conversation(place)
      await talk.ask('web-5d9cf86b95-26kvf')
      await talk.verdict(/Tag does not exist/)
      await talk.ask('deployment/web', tom)
      await talk.told(tom, /^Already open/)
      await talk.verdict(/@tom Tag does not exist/)
      expect(talk.roots()).toHaveLength(1)
    })

    test('equal commands at once share one thread, and each distinct one has its own', async () => {
      await using talk = await conversation(place)
      const targets = ['web-5d9cf86b95-26kvf', 'deployment/web', 'shop/web', 'data/worker', 'worker']
      const all = Array.from({ length: 40 }, (_, index) => talk.ask(targets[index % targets.length]))
      expect((await Promise.all(all)).every(({ status }) => status === 200)).toBe(true)
      await talk.verdict(/Tag does not exist/)
      await talk.verdict(/credential/i)
      await until('every other one is told that it is open', () => talk.slack.ephemerals(maya).length >= 38)
      expect(talk.roots()).toHaveLength(2)
      expect(talk.own().filter((it) => /Tag does not exist\./.test(talk.slack.plainText(it)))).toHaveLength(1)
    })

    test('check again, details, and a verdict that is called wrong', async () => {
      await using talk = await conversation(place)
      const { slack } = talk
      await talk.ask()
      const findings = await talk.verdict(/Tag does not exist/)
      await slack.press({ user: tom, message: findings, actionId: 'imagepull:check-again' })
      await talk.told(tom, /^Guests and people from other organisations can read here, but can't use the buttons/)
      await slack.press({ user: maya, message: findings, actionId: 'imagepull:check-again' })
      await talk.told(maya, /I'm checking again now/)
      await until('it was checked again', () => /Check again/.test(slack.plainText(talk.now(findings))))

      const menu = async (form: RegExp) => {
        const message = talk.now(findings)
        await slack.press({ user: maya, message, actionId: 'imagepull:more', value: valueIn(message, form) })
        return until('a window', () => slack.views(maya).at(-1))
      }
      const details = await menu(/^details/)
      expect(JSON.stringify(details)).toContain('Evidence')
      await slack.closeView({ user: maya, view: details })
      const wrong = await menu(/^verdict-is-wrong/)
      await slack.submitView({ user: maya, view: wrong, values: { words: 'it was never built' } })
      await until('the timeline knows', () => /wrong/.test(slack.plainText(talk.now(findings))))
    })

    test('where the bot is no member the one who asked is told, and the request is kept', async () => {
      await using talk = await conversation(place)
      const { slack } = talk
      await talk.restart({ channels: [{ id: incidents }, { id: general }] })
      await talk.ask('web-5d9cf86b95-26kvf', maya, general)
      const notice = await talk.told(maya, /\/invite @imagepull/)
      expect(talk.roots(general)).toEqual([])
      await slack.inviteBot({ user: maya, channel: general })
      await slack.press({ user: maya, ephemeral: notice, actionId: 'imagepull:continue' })
      await until('the thread comes after all', () => talk.roots(general).length === 1)
    })

    test('in another channel: a short post with a link to the thread', async () => {
      await using talk = await conversation(place)
      await talk.restart({ channels: [{ id: incidents }, { id: general }] })
      await talk.slack.inviteBot({ user: maya, channel: general })
      await talk.ask()
      await talk.verdict(/Tag does not exist/)
      await talk.ask('shop/web', maya, general)
      await talk.told(maya, /answered in another channel/)
      const echo = await until('the short post', () => talk.roots(general)[0])
      await until('its link', () => talk.now(echo).links.some(({ url }) => url.includes(incidents)))
    })

    test('what is not found is told with near names, and one of them is chosen', async () => {
      await using talk = await conversation(place)
      await talk.ask('shop/wev')
      const notice = await talk.told(maya, /No pod wev in test\. Did you mean one of these\?/)
      await talk.slack.press({ user: maya, ephemeral: notice, actionId: 'imagepull:choose' })
      await talk.verdict(/Tag does not exist/)
    })

    test('what cannot pull now, to choose from', async () => {
      await using talk = await conversation(place)
      const { slack } = talk
      await talk.ask('')
      const notice = await talk.told(maya, /Failing image pulls in test/)
      expect(slack.plainText(notice)).toContain('web:9.9 from registry.test:5000: 1 pod')
      const value = valueIn(notice, / 1$/)
      await slack.press({ user: maya, ephemeral: notice, actionId: 'imagepull:choose', value })
      await until('its thread', () => talk.roots().length === 1)
    })

    test('what needs no thread is answered to the one who asked', async () => {
      await using talk = await conversation(place)
      const all: readonly (readonly [text: string, says: RegExp])[] = [
        ['shop/fine', /Its container has pulled\. Not a pull problem/],
        ['@staging web', /There is no cluster staging in this channel\. I know: test/],
        ['shop/Bad_Name', /is not a Kubernetes name/],
        ['help', /Name a pod, and I'll find out/],
      ]
      for (const [text, says] of all) {
        await talk.ask(text)
        await talk.told(maya, says)
      }
      expect(talk.roots()).toEqual([])
    })

    test('a channel that is not listed, and one that is archived', async () => {
      await using talk = await conversation(place)
      await talk.ask('web', maya, general)
      expect(talk.slack.plainText(await talk.told(maya, /I'm not enabled in this channel/))).toContain('#incidents')
      await expect(talk.ask('web', maya, archived)).rejects.toThrow()
    })

    test('in a thread: a mention checks again, and names what else is meant', async () => {
      await using talk = await conversation(place)
      const { slack } = talk
      await talk.ask()
      const { threadTs: thread = '' } = await talk.verdict(/Tag does not exist/)
      await slack.mention({ user: tom, channel: incidents, thread, text: '' })
      await talk.told(tom, /I'm checking again now/)
      await slack.mention({ user: tom, channel: incidents, thread, text: 'data/worker' })
      await talk.told(tom, /I've opened a thread/)
      await until('its thread', () => talk.roots().length === 2)
      await slack.mention({ user: tom, channel: incidents, text: '' })
      await talk.told(tom, /Name a pod/)
    })

    test('a shortcut on a message asks which pod, with a guess', async () => {
      await using talk = await conversation(place)
      const { slack } = talk
      const text = 'pod "web-5d9cf86b95-26kvf" namespace: shop is stuck'
      const { message } = await slack.post({ user: tom, channel: incidents, text })
      await slack.shortcut({ user: maya, message, callbackId: 'imagepull_check' })
      const view = await until('a window that asks', () => slack.views(maya).at(-1))
      expect(JSON.stringify(view)).toContain('shop/web-5d9cf86b95-26kvf')
      await slack.submitView({ user: maya, view, values: { words: 'shop/web-5d9cf86b95-26kvf' } })
      await talk.verdict(/Tag does not exist/)
    })

    test('between two people: the verdict for one, and a way to a channel', async () => {
      await using talk = await conversation(place)
      const { slack } = talk
      await talk.ask('shop/web', maya, slackWorkspace.between)
      const notice = await talk.told(maya, /Tag does not exist/)
      expect(talk.roots()).toEqual([])
      const value = valueIn(notice, new RegExp(incidents))
      await slack.press({ user: maya, ephemeral: notice, actionId: 'imagepull:post-to', value })
      await talk.verdict(/Tag does not exist/)
    })
  })
})
