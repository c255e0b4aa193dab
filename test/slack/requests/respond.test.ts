import { expect, test, vi } from 'vitest'
import type { SlackApi } from '../../../src/slack/api.ts'
import { createRespond } from '../../../src/slack/requests/respond.ts'
import { only } from '../../support/only.ts'

const message = { text: 'Already open', blocks: [] }

/** Which way an answer went: to which URL, or as an ephemeral post. */
async function waysOf(responseUrl: string, apiUrl?: string): Promise<readonly string[]> {
  const ways: string[] = []
  const fetching = vi.spyOn(globalThis, 'fetch').mockImplementation(async (url) => {
    ways.push(String(url))
    return new Response('ok')
  })
  const slack = only<SlackApi>({
    async ephemeral() {
      ways.push('ephemeral')
      return { outcome: 'done', value: undefined }
    },
  })
  await createRespond(slack, apiUrl)({ channel: 'C1', user: 'U1', responseUrl }, message)
  fetching.mockRestore()
  return ways
}

test.each([
  ['Slack over plain HTTP', 'http://hooks.slack.com/commands/1'],
  ['Slack at another port', 'https://hooks.slack.com:8443/commands/1'],
  ['another host', 'https://evil.example/commands/1'],
  ['a host behind a name that looks right', 'https://hooks.slack.com@evil.example/commands/1'],
  ['a longer name', 'https://hooks.slack.com.evil.example/commands/1'],
  ['no URL', 'hooks.slack.com'],
])('an answer never goes to %s', async (_what, url) => {
  expect(await waysOf(url)).toEqual(['ephemeral'])
})

test('an answer goes to Slack, or to the configured stand-in for it', async () => {
  expect(await waysOf('https://hooks.slack.com/commands/1')).toEqual(['https://hooks.slack.com/commands/1'])
  const local = 'http://127.0.0.1:4000/commands/1'
  expect(await waysOf(local, 'http://127.0.0.1:4000/api/')).toEqual([local])
})
