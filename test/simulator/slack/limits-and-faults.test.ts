import {
  WebAPIHTTPError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
  WebClient,
  type WebClientOptions,
} from '@slack/web-api'
import { describe, expect, test } from 'vitest'
import type { LocalSlack } from '../../../src/simulator/slack/local-slack.ts'
import { startLocalSlack } from '../../../src/simulator/slack/start.ts'
import { manualClock } from '../../support/manual-clock.ts'
import { quietLogger } from '../../support/quiet-logger.ts'
import { slackWorkspace } from '../../support/slack-workspace.ts'

const { seed, incidents, general, maya } = slackWorkspace

function clientOf(slack: LocalSlack, options: WebClientOptions = {}): WebClient {
  const quiet = { logger: quietLogger(), retryConfig: { retries: 0 }, rejectRateLimitedCalls: true }
  return new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl, ...quiet, ...options })
}

/** The seconds to wait, or `ok`. */
async function attempt(call: Promise<unknown>): Promise<number | 'ok'> {
  try {
    await call
    return 'ok'
  } catch (error) {
    if (error instanceof WebAPIRateLimitedError) return error.retryAfter
    throw error
  }
}

describe('rate limits', () => {
  test('messages: a short burst, then one a second for each channel', async () => {
    const clock = manualClock()
    await using slack = await startLocalSlack({ seed, clock })
    await slack.inviteBot({ user: maya, channel: general })
    const client = clientOf(slack)
    const post = (channel: string = incidents) => attempt(client.chat.postMessage({ channel, text: 'a' }))
    expect([await post(), await post(), await post()]).toEqual(['ok', 'ok', 'ok'])
    expect(await post()).toBe(3)
    expect(await post(general)).toBe('ok')
    await clock.advance(1_500)
    expect(await post()).toBe(2)
    await clock.advance(1_500)
    expect(await post()).toBe('ok')
    expect(slack.messages(incidents)).toHaveLength(4)
    expect(slack.calls.filter((call) => call.error === 'ratelimited')).toHaveLength(2)
  })

  test.each([
    ['users.info', 100, { user: maya }],
    ['conversations.info', 50, { channel: incidents }],
    ['usergroups.list', 20, {}],
  ])('%s: %i in any minute', async (method, allowed, args) => {
    const clock = manualClock()
    await using slack = await startLocalSlack({ seed, clock })
    const client = clientOf(slack)
    for (let count = 0; count < allowed; count += 1) await client.apiCall(method, args)
    expect(await attempt(client.apiCall(method, args))).toBe(60)
    await clock.advance(59_000)
    expect(await attempt(client.apiCall(method, args))).toBe(1)
    await clock.advance(1_000)
    expect(await attempt(client.apiCall(method, args))).toBe('ok')
  })

  test('can be turned off', async () => {
    await using slack = await startLocalSlack({ seed, limits: 'none' })
    const client = clientOf(slack)
    for (let count = 0; count < 10; count += 1) await client.chat.postMessage({ channel: incidents, text: 'a' })
    expect(slack.messages(incidents)).toHaveLength(10)
  })
})

describe('what goes wrong by order', () => {
  test('429: the client waits as long as it is told, and then succeeds', async () => {
    await using slack = await startLocalSlack({ seed })
    slack.fail('chat.postMessage', { kind: 'rate-limited', retryAfter: 1 })
    const patient = clientOf(slack, { rejectRateLimitedCalls: false, retryConfig: { retries: 1, minTimeout: 1 } })
    await patient.chat.postMessage({ channel: incidents, text: 'a' })
    expect(slack.calls.map((call) => call.error ?? 'ok')).toEqual(['ratelimited', 'ok'])
    expect(slack.messages(incidents)).toHaveLength(1)
  })

  test('500 before it took effect: the retry posts once', async () => {
    await using slack = await startLocalSlack({ seed })
    slack.fail('chat.postMessage', { kind: 'server-error', effect: 'before' })
    await clientOf(slack, { retryConfig: { retries: 1, minTimeout: 1 } }).chat.postMessage({
      channel: incidents,
      text: 'a',
    })
    expect(slack.messages(incidents)).toHaveLength(1)
  })

  test('500 after it took effect: the retry posts twice, as the client cannot know', async () => {
    await using slack = await startLocalSlack({ seed })
    slack.fail('chat.postMessage', { kind: 'server-error', effect: 'after' })
    await clientOf(slack, { retryConfig: { retries: 1, minTimeout: 1 } }).chat.postMessage({
      channel: incidents,
      text: 'a',
    })
    expect(slack.messages(incidents)).toHaveLength(2)
    expect(slack.calls.map((call) => call.error ?? 'ok')).toEqual(['server-error', 'ok'])
  })

  test('without retries it is told', async () => {
    await using slack = await startLocalSlack({ seed })
    slack.fail('auth.test', { kind: 'server-error', effect: 'before' })
    await expect(clientOf(slack).auth.test()).rejects.toBeInstanceOf(WebAPIHTTPError)
  })

  test.each([
    ['before', 0],
    ['after', 1],
  ] as const)('no answer ever, %s it took effect', async (effect, messages) => {
    await using slack = await startLocalSlack({ seed })
    slack.fail('chat.postMessage', { kind: 'hang', effect })
    const hurried = clientOf(slack, { timeout: 50 })
    await expect(hurried.chat.postMessage({ channel: incidents, text: 'a' })).rejects.toBeInstanceOf(WebAPIRequestError)
    expect(slack.messages(incidents)).toHaveLength(messages)
    expect(slack.calls).toMatchObject([{ ok: false, error: 'hang' }])
  })

  test('the connection breaks', async () => {
    await using slack = await startLocalSlack({ seed })
    slack.fail('auth.test', { kind: 'reset', effect: 'before' })
    await expect(clientOf(slack).auth.test()).rejects.toBeInstanceOf(WebAPIRequestError)
  })

  test('an error of Slack by its name, as often as asked for', async () => {
    await using slack = await startLocalSlack({ seed })
    slack.fail('users.info', { kind: 'refusal', error: 'fatal_error' }, 2)
    const client = clientOf(slack)
    const ask = () =>
      client.users.info({ user: maya }).then(
        () => 'ok',
        (error: { data: { error: string } }) => error.data.error,
      )
    expect([await ask(), await ask(), await ask()]).toEqual(['fatal_error', 'fatal_error', 'ok'])
  })

  test('faults of one method leave the others alone, and come in order', async () => {
    await using slack = await startLocalSlack({ seed })
    slack.fail('users.info', { kind: 'refusal', error: 'a' })
    slack.fail('users.info', { kind: 'refusal', error: 'b' })
    const client = clientOf(slack)
    await client.auth.test()
    await expect(client.users.info({ user: maya })).rejects.toMatchObject({ data: { error: 'a' } })
    await expect(client.users.info({ user: maya })).rejects.toMatchObject({ data: { error: 'b' } })
  })
})
