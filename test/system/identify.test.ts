import { WebAPIPlatformError, WebAPIRequestError, type WebClient } from '@slack/web-api'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { identify } from '../../src/app/identify.ts'
import { createLog } from '../../src/observability/log.ts'
import { only } from '../support/only.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

const refusal = (error: string) => new WebAPIPlatformError({ ok: false, error })
const away = new WebAPIRequestError(new Error('no network'))

/** Slack answers in this order, and then that it knows the token. */
function asked(...answers: readonly (Error | Promise<never>)[]) {
  const rest = [...answers]
  let count = 0
  async function test() {
    count += 1
    const next = rest.shift()
    if (next instanceof Error) throw next
    await next
    return { ok: true, team_id: 'T1', bot_id: 'B1', user_id: 'U1' }
  }
  const client = only<WebClient>({ auth: only<WebClient['auth']>({ test }) })
  const identified = identify(client, createLog('silent', { write: () => undefined }))
  return { identified, count: () => count }
}

describe('who the bot is', () => {
  test.each(['invalid_auth', 'token_revoked', 'account_inactive'])('%s is about the token', async (error) => {
    const { identified } = asked(refusal(error))
    await expect(identified.first()).rejects.toThrow('SLACK_BOT_TOKEN is refused by Slack')
  })

  test.each([
    ['no network', away],
    ['a limit', refusal('ratelimited')],
    ['an error of Slack', refusal('internal_error')],
    ['another', refusal('fatal_error')],
    ['one that nobody knows yet', refusal('service_unavailable')],
  ])('%s says nothing about it: it is asked again', async (_name, error) => {
    const { identified } = asked(error, error)
    await identified.first()
    expect(identified.isKnown()).toBe(false)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(identified.current()).toEqual({ team: 'T1', botId: 'B1', botUser: 'U1' })
  })

  test('a refusal after the start is asked again too', async () => {
    const { identified } = asked(away, refusal('invalid_auth'))
    await identified.first()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(identified.isKnown()).toBe(true)
  })

  test('nothing is asked after the end, also where a question was under way', async () => {
    const { promise, reject } = Promise.withResolvers<never>()
    const { identified, count } = asked(promise)
    const first = identified.first()
    identified.stop()
    reject(away)
    await first
    expect(vi.getTimerCount()).toBe(0)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(count()).toBe(1)
  })
})
