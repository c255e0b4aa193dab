import { describe, expect, test } from 'vitest'
import { type Environment, type Role, serviceSettings } from '../../src/config/environment.ts'
import { ConfigurationError } from '../../src/config/problems.ts'

const enough: Environment = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: 'x'.repeat(32) }

function problems(environment: Environment, role: Role = 'all'): readonly string[] {
  try {
    serviceSettings(environment, role)
    return []
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems.map(({ path, message }) => `${path} ${message}`)
    throw error
  }
}

test('a token and a signing secret are enough', () => {
  expect(serviceSettings(enough, 'all')).toMatchObject({
    role: 'all',
    port: 3_000,
    logLevel: 'info',
    redis: undefined,
    slack: { receives: { by: 'http' }, apiUrl: undefined },
  })
})

test('an app-level token means Socket Mode, which needs no signing secret', () => {
  const settings = serviceSettings({ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' }, 'all')
  expect(settings.slack.receives.by).toBe('socket')
})

test('every problem is told at once, with where to find what is missing', () => {
  expect(problems({ PORT: 'web', LOG_LEVEL: 'loud', REDIS_URL: 'localhost:6379' })).toEqual([
    expect.stringMatching(/^SLACK_BOT_TOKEN is missing: copy/),
    expect.stringMatching(/^SLACK_SIGNING_SECRET is missing: copy/),
    expect.stringMatching(/^REDIS_URL must begin with redis:/),
    expect.stringMatching(/^PORT must be a port/),
    expect.stringMatching(/^LOG_LEVEL must be one of fatal,/),
  ])
})

describe('what is refused', () => {
  test.each<[string, Environment, Role, RegExp]>([
    [
      'a signing secret that could be guessed',
      { ...enough, SLACK_SIGNING_SECRET: 'short' },
      'all',
      /^SLACK_SIGNING_SECRET must have at least/,
    ],
    ["a person's token", { ...enough, SLACK_BOT_TOKEN: 'xoxp-1' }, 'all', /^SLACK_BOT_TOKEN must be a bot token/],
    [
      'a bot token for the socket',
      { ...enough, SLACK_APP_TOKEN: 'xoxb-1' },
      'all',
      /^SLACK_APP_TOKEN must be an app-level/,
    ],
    ['a worker of its own without Redis', enough, 'worker', /^REDIS_URL is missing: --role worker needs it/],
    ['a web process of its own without Redis', enough, 'web', /^REDIS_URL is missing: --role web needs it/],
    ['no address', { ...enough, SLACK_API_URL: 'slack' }, 'all', /^SLACK_API_URL must be a URL/],
    ['no proxy', { ...enough, HTTPS_PROXY: 'proxy:3128' }, 'all', /^HTTPS_PROXY must be a URL/],
  ])('%s', (_of, environment, role, says) => {
    expect(problems(environment, role)).toEqual([expect.stringMatching(says)])
  })
})

test('nothing that prints the settings prints a secret', () => {
  const settings = serviceSettings({ ...enough, REDIS_URL: 'redis://:hunter2@127.0.0.1' }, 'all')
  expect(JSON.stringify(settings)).not.toMatch(/xoxb-1|xxxx|hunter2/)
})
