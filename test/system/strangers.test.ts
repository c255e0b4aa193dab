import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { LocalSlack } from '../../src/simulator/slack/local-slack.ts'
import { sign } from '../../src/simulator/slack/people/http.ts'
import { startLocalSlack } from '../../src/simulator/slack/start.ts'
import { rawRequest } from '../support/raw-request.ts'
import { servedCluster } from '../support/served-cluster.ts'
import { type ServiceProcess, serviceProcess } from '../support/service-process.ts'
import { slackWorkspace } from '../support/slack-workspace.ts'

// Everything here is sent to one real process with Bolt's own listener, so that each case also meets what the others left.
const stack = new AsyncDisposableStack()
let slack: LocalSlack
let service: ServiceProcess
let port: number

beforeAll(async () => {
  slack = stack.use(await startLocalSlack({ seed: slackWorkspace.seed }))
  const { kubeconfig } = stack.use(await servedCluster([]))
  service = stack.use(serviceProcess({ slack, kubeconfig }))
  port = await service.listening()
})
afterAll(() => stack.disposeAsync())

const json = { 'content-type': 'application/json' }
const form = { 'content-type': 'application/x-www-form-urlencoded' }

async function post(body: string, headers: Readonly<Record<string, string>>): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${port}/slack/events`, { method: 'POST', headers, body })
  return answer.status
}

/** It answers as before, and it is the same process. */
async function expectWell(): Promise<void> {
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200)
  expect(service.child.exitCode).toBeNull()
}

describe('what a stranger sends is answered, and ends nothing', () => {
  const methods = ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'CONNECT', 'PROPFIND', 'QUERY']
  const close = 'host: x\r\nconnection: close'
  test.each([
    ...methods.map((method) => [`${method} /slack/events HTTP/1.1\r\n${close}\r\n\r\n`, 405] as const),
    [`GET /slack/events?x=1 HTTP/1.1\r\n${close}\r\n\r\n`, 405],
    [`GET /slack/events HTTP/1.1\r\n${close}, upgrade\r\nupgrade: websocket\r\n\r\n`, 405],
    [`GET /slack/events HTTP/1.0\r\n\r\n`, 405],
    [`POST http://other.example/slack/events HTTP/1.1\r\n${close}\r\n\r\n`, 404],
    [`POST //slack/events HTTP/1.1\r\n${close}\r\n\r\n`, 404],
    [`POST /slack/%65vents HTTP/1.1\r\n${close}\r\n\r\n`, 404],
    [`POST /__proto__ HTTP/1.1\r\n${close}\r\n\r\n`, 404],
    [`OPTIONS * HTTP/1.1\r\n${close}\r\n\r\n`, 404],
    [`HEAD /healthz HTTP/1.1\r\n${close}\r\n\r\n`, 200],
    [`DELETE /metrics HTTP/1.1\r\n${close}\r\n\r\n`, 405],
    [`POST /slack/events HTTP/1.1\r\n${close}\r\ncontent-length: 0\r\n\r\n`, 401],
    [`POST /slack/events HTTP/1.1\r\n${close}\r\ncontent-length: 4\r\n\r\nnull`, 401],
    [`POST /slack/events HTTP/1.1\r\n${close}\r\ncontent-length: 300000\r\n\r\n${'x'.repeat(300_000)}`, 413],
    [`POST /slack/events HTTP/1.1\r\n${close}\r\nexpect: something\r\ncontent-length: 0\r\n\r\n`, 417],
    [`POST /slack/events HTTP/1.1\r\n${close}\r\ncontent-length: -1\r\n\r\n`, 400],
    [`POST /slack/events HTTP/1.1\r\n${close}\r\ntransfer-encoding: chunked\r\n\r\nZZ\r\n`, 400],
    [`NONSENSE\r\n\r\n`, 400],
  ] as const)('%j: %i', async (bytes, status) => {
    expect(await rawRequest(port, bytes)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    await expectWell()
  })

  test('a request that breaks off in its body', async () => {
    const socket = connect(port, '127.0.0.1')
    await new Promise((resolve) => {
      socket.write(`POST /slack/events HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n12345`, resolve)
    })
    socket.resetAndDestroy()
    await expectWell()
  })

  const now = String(Math.floor(Date.now() / 1_000))
  test.each<[string, Record<string, string>]>([
    ['no signature', {}],
    ['a wrong one', { 'x-slack-signature': `v0=${'0'.repeat(64)}`, 'x-slack-request-timestamp': now }],
    ['a short one', { 'x-slack-signature': 'v0=', 'x-slack-request-timestamp': now }],
    ['another version', { 'x-slack-signature': 'v1=x', 'x-slack-request-timestamp': now }],
    ['no number for a time', { 'x-slack-signature': 'v0=x', 'x-slack-request-timestamp': 'constructor' }],
    ['no end of time', { 'x-slack-signature': 'v0=x', 'x-slack-request-timestamp': 'Infinity' }],
  ])('%s', async (_name, headers) => {
    expect(await post('{}', { ...json, ...headers })).toBe(401)
    await expectWell()
  })
})

describe('what is signed, and is nothing that Slack sends, is answered with 4xx', () => {
  const signed = (body: string, type: Readonly<Record<string, string>>) =>
    post(body, { ...type, ...sign(body, slack.signingSecret, Date.now()) })

  test.each([null, 1, 'text', true, [], [{ type: 'event_callback' }]].map((it) => [JSON.stringify(it)]))(
    '%s',
    async (body) => {
      expect(await signed(body, json)).toBe(400)
      expect(await signed(`payload=${encodeURIComponent(body)}`, form)).toBe(400)
      await expectWell()
    },
  )

  test.each(['', '{', 'payload={', '\0'])('%j, which is no JSON', async (body) => {
    expect(await signed(body, json)).toBe(400)
    await expectWell()
  })

  const objects: readonly object[] = [
    {},
    { type: 'event_callback' },
    { type: 'event_callback', event: null },
    { type: 'event_callback', event: 'text' },
    { type: 'event_callback', event: { type: 'app_mention' } },
    { type: 'event_callback', event: { type: 'message', user: { id: 1 } } },
    { type: 'block_actions' },
    { type: 'block_actions', actions: null },
    { type: 'block_actions', actions: [] },
    { type: 'block_actions', actions: [{ action_id: 'imagepull:check' }] },
    { type: 'view_submission', view: null },
    { type: 'constructor', constructor: null },
    { command: '/imagepull' },
  ]
  test('nor does an object that lacks everything end it', async () => {
    const answers = await Promise.all(objects.map((it) => signed(JSON.stringify(it), json)))
    expect(answers.filter((status) => ![200, 401, 404, 500].includes(status))).toEqual([]) // some are acknowledged at once
    await expectWell()
  })
})

test('a request is the same, however its headers are written', async () => {
  const { incidents, maya } = slackWorkspace
  slack.connectApp(`http://127.0.0.1:${port}/slack/events`)
  const answer = await slack.command({ user: maya, channel: incidents, command: '/imagepull', text: 'shop/web' })
  expect(answer).toMatchObject({ status: 200 })
  const { body = '', headers = {} } = slack.deliveries.at(-1)?.post ?? {}
  const { 'x-slack-signature': signature = '', 'x-slack-request-timestamp': time = '' } = headers
  const passedOver = () => service.lines.filter((line) => line.includes('arrived a second time')).length
  expect(passedOver()).toBe(0)
  for (const other of [`${signature}=x`, `${signature}=`, `${signature}, ${signature}`, signature.toUpperCase()])
    expect(await post(body, { ...headers, 'x-slack-signature': other })).toBe(401)
  for (const other of [time, `${time}.0`, `+${time}`, `0${time}`, `${Number(time) / 10}e1`])
    expect(await post(body, { ...headers, 'x-slack-request-timestamp': other })).toBe(200)
  await vi.waitFor(() => expect(passedOver()).toBe(5), { timeout: 60_000 })
})
