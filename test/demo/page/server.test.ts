import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type DemoPage, startDemoPage } from '../../../src/demo/page/server.ts'
import type { LocalSlack } from '../../../src/simulator/slack/local-slack.ts'
import { startLocalSlack } from '../../../src/simulator/slack/start.ts'
import { slackWorkspace } from '../../support/slack-workspace.ts'

const { seed, maya, incidents } = slackWorkspace

let slack: LocalSlack
let page: DemoPage
beforeEach(async () => {
  slack = await startLocalSlack({ seed, limits: 'none' })
  page = await startDemoPage({ slack, port: 0, viewer: maya, suggestions: [] })
})
afterEach(async () => {
  await page.stop()
  await slack.stop()
})

interface Answer {
  readonly status: number
  readonly headers: NodeJS.Dict<string | string[]>
  readonly body: string
}

/** With any headers: fetch does not let Host and Origin be chosen. */
async function ask(path: string, headers: Record<string, string>, method = 'GET', body = ''): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const asking = request(`${page.url}${path}`, { method, headers }, async (response) => {
    resolve({ status: response.statusCode ?? 0, headers: response.headers, body: await text(response) })
  })
  asking.on('error', reject)
  asking.end(body)
  return promise
}

const hello = JSON.stringify({ act: 'post', channel: incidents, text: 'hello' })

/** What a browser sends from the page itself. */
function own(more: Record<string, string> = {}): Record<string, string> {
  const host = new URL(page.url).host
  return { host, origin: `http://${host}`, 'content-type': 'application/json', ...more }
}

describe('a page on this machine is for this machine alone', () => {
  test.each([
    ['127.0.0.1', 200],
    ['127.0.0.1:8080', 200],
    ['localhost:4310', 200],
    ['rebound.example', 403],
    ['rebound.example:4310', 403],
    ['127.0.0.1.rebound.example', 403],
    ['localhost.rebound.example', 403],
    ['0.0.0.0:4310', 403],
  ])('with the name %j it answers %i', async (host, status) => {
    expect(await ask('/', { host })).toMatchObject({ status })
    const post = await ask('/acts', { ...own(), host, origin: `http://${host}` }, 'POST', hello)
    expect(post.status).toBe(status)
  })

  test.each([
    ['its own', {}, 200],
    ['none', { origin: undefined }, 403],
    ['of a website', { origin: 'https://evil.example' }, 403],
    ['of another port', { origin: 'http://127.0.0.1:1' }, 403],
    ['of a sandbox', { origin: 'null' }, 403],
    ['its own, over TLS', { origin: 'https://127.0.0.1' }, 403],
    ['said to be from elsewhere', { 'sec-fetch-site': 'cross-site' }, 403],
  ])('what comes from an origin, %s, gets %i', async (_, more, status) => {
    const headers = Object.fromEntries(Object.entries({ ...own(), ...more }).filter(([, value]) => value !== undefined))
    expect(await ask('/acts', headers as Record<string, string>, 'POST', hello)).toMatchObject({ status })
    expect(slack.messages(incidents)).toHaveLength(status === 200 ? 1 : 0)
  })

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', ''])(
    'what a form of another website may send, %j, is refused',
    async (type) => {
      expect(await ask('/acts', own({ 'content-type': type }), 'POST', hello)).toMatchObject({ status: 415 })
      expect(slack.messages(incidents)).toEqual([])
    },
  )

  test.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'])('%s is refused', async (method) => {
    expect(await ask('/acts', own(), method)).toMatchObject({ status: 405 })
  })
})

describe('what is sent to it', () => {
  test('may be 64 KiB', async () => {
    const padding = ' '.repeat(64 * 1024 - hello.length)
    expect(await ask('/acts', own(), 'POST', `${hello}${padding}`)).toMatchObject({ status: 200 })
    expect(await ask('/acts', own(), 'POST', `${hello}${padding} `)).toMatchObject({ status: 413 })
    expect(slack.messages(incidents)).toHaveLength(1)
  })

  test.each([
    '',
    'null',
    '{',
    '[]',
    '{"act":"post"}',
    '{"act":"archive","channel":"C0INCIDENT"}',
    '{"act":"post","channel":"C0INCIDENT","text":""}',
    '{"act":"post","channel":"C0INCIDENT","text":"x","user":"U0TOM00001"}',
    '{"act":"command","channel":"C0INCIDENT","command":"imagepull","text":""}',
    '{"act":"__proto__"}',
  ])('and is nothing that the viewer could do, %s, is refused', async (body) => {
    expect(await ask('/acts', own(), 'POST', body)).toMatchObject({ status: 400 })
    expect(slack.messages(incidents)).toEqual([])
  })

  test('elsewhere is not found', async () => {
    expect(await ask('/', own(), 'POST', hello)).toMatchObject({ status: 404 })
  })
})

describe('what it serves', () => {
  test('is a page that takes nothing from elsewhere', async () => {
    const { headers, body } = await ask('/', own())
    const policy = String(headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toMatch(/unsafe|https?:|\*/)
    expect(policy).toContain("require-trusted-types-for 'script'")
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cross-origin-resource-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'content-type': 'text/html; charset=utf-8',
    })
    expect(body).not.toMatch(/https?:\/\//)
    expect([...body.matchAll(/<script\b[^>]*>([^<]+)<\/script>/g)]).toEqual([])
  })

  test('has every file that it names', async () => {
    const { body } = await ask('/archives/C0INCIDENT/p1763952000000100', own())
    const paths = [...body.matchAll(/(?:href|src)="([^"]+)"/g)].map((match) => match[1] ?? '')
    expect(paths).toEqual(['/client/icon.svg', '/client/styles.css', '/client/main.js'])
    const answers = await Promise.all(paths.map(async (path) => [path, (await ask(path, own())).status] as const))
    expect(answers.filter(([, status]) => status !== 200)).toEqual([])
  })

  test('is one script and one style, which bring all that they use', async () => {
    const script = await ask('/client/main.js', own())
    expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8')
    expect(script.body).not.toMatch(/^import /m)
    const style = await ask('/client/styles.css', own())
    expect(style.headers['content-type']).toBe('text/css; charset=utf-8')
    expect(style.body).not.toContain('@import')
  })

  test('is the README, where the page links to', async () => {
    expect(await ask('/README.md', own())).toMatchObject({ status: 200, body: expect.stringContaining('# imagepull') })
  })

  test.each(['/client/../../slack/local-slack.ts', '/client/tsconfig.json', '/package.json', '/client/', '//', '/%00'])(
    'is nothing else: %s',
    async (path) => {
      expect((await ask(path, own())).status).toBe(404)
    },
  )
})
