import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type WebhookOutcome, webhook } from '../../src/alertmanager/webhook.ts'
import { alertSchema } from '../../src/incidents/alerts/alert.ts'
import { createAlertIntake } from '../../src/incidents/alerts/intake.ts'
import { Secret } from '../../src/secret.ts'
import { loopbackServer } from '../../src/simulator/cluster/memory-cluster.ts'
import type { Store } from '../../src/store/store.ts'
import { payloadOf, podNotReady } from '../support/alert-payload.ts'
import { only } from '../support/only.ts'

const deliverySchema = z.object({ alerts: z.array(z.unknown()) })
const token = 'a-token-of-alertmanager'
const rules = {
  ...{ names: new Set(['KubePodNotReady']), reasons: new Set<string>(), clusters: new Set<string>() },
  ...{ clusterLabel: 'cluster', labels: [], patterns: [] },
}

interface Served extends AsyncDisposable {
  readonly written: readonly { readonly alerts: readonly unknown[] }[]
  readonly added: readonly string[]
  readonly outcomes: readonly WebhookOutcome[]
  readonly turnedAway: readonly string[]
  readonly warnings: readonly string[]
  send(body: string, headers?: Record<string, string>): Promise<number>
  readonly address: string
}

/** The route on loopback. @param write What the store does. */
async function served(write: () => Promise<void> = async () => undefined): Promise<Served> {
  const written: { readonly alerts: readonly unknown[] }[] = []
  const added: string[] = []
  const outcomes: WebhookOutcome[] = []
  const turnedAway: string[] = []
  const warnings: string[] = []
  const store = only<Store>({
    read: async () => undefined,
    async write(_kind, _id, value) {
      await write()
      written.push(deliverySchema.parse(value))
      return true
    },
  })
  const route = webhook({
    intake: createAlertIntake({
      store,
      queue: { add: async (name, id) => void added.push(`${name} ${id}`) },
      clusters: new Set(),
    }),
    tokens: [new Secret('another-token-of-16'), new Secret(token)],
    rules,
    counted: (outcome) => outcomes.push(outcome),
    turnedAway: (name) => turnedAway.push(name),
    now: () => new Date('2026-11-24T03:20:00Z'),
    warn: (message) => warnings.push(message),
  })
  const server = await loopbackServer((request, response) => void route(request, response))
  return {
    written,
    added,
    outcomes,
    turnedAway,
    warnings,
    address: server.address,
    async send(body, headers = {}) {
      const all = { authorization: `Bearer ${token}`, ...headers }
      const response = await fetch(server.address, { method: 'POST', body, headers: all })
      await response.text()
      return response.status
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

const alert = JSON.stringify(payloadOf([podNotReady('web-1')]))

describe('who may tell', () => {
  test.each([
    ['no token', {}],
    ['another', { authorization: 'Bearer a-token-of-alertmanage' }],
    ['a longer one', { authorization: `Bearer ${token}x` }],
    ['nothing behind Bearer', { authorization: 'Bearer ' }],
    ['another scheme', { authorization: `Basic ${Buffer.from(`bot:${token}`).toString('base64')}` }],
  ])('not with %s', async (_of, headers) => {
    await using webhook = await served()
    expect(await webhook.send(alert, { authorization: '', ...headers })).toBe(401)
    expect(webhook).toMatchObject({ written: [], outcomes: ['unauthorised'] })
  })

  test.each([token, 'another-token-of-16'])('with any of the configured ones: %s', async (own) => {
    await using webhook = await served()
    expect(await webhook.send(alert, { authorization: `bearer ${own}` })).toBe(200)
  })
})

describe('what is told', () => {
  test('is written down and worked on before it is said so; the same again is the same', async () => {
    await using webhook = await served()
    expect([await webhook.send(alert), await webhook.send(alert)]).toEqual([200, 200])
    expect(webhook.written).toHaveLength(2)
    expect(new Set(webhook.added).size).toBe(1)
    expect(webhook.added[0]).toMatch(/^delivery [\w-]{43}-0$/)
  })

  test('of ten thousand alerts is written in pieces', async () => {
    await using webhook = await served()
    const alerts = Array.from({ length: 10_050 }, (_, index) => podNotReady(`web-${index}`))
    expect(await webhook.send(JSON.stringify(payloadOf(alerts)))).toBe(200)
    expect(webhook.written.map((it) => it.alerts.length)).toEqual([...Array.from({ length: 20 }, () => 500), 1])
  })

  test('of other rules is not kept', async () => {
    await using webhook = await served()
    const other = payloadOf([podNotReady('x', { labels: { alertname: 'Other' } })])
    expect(await webhook.send(JSON.stringify(other))).toBe(200)
    expect(webhook).toMatchObject({ written: [], added: [], outcomes: ['nothing'], turnedAway: ['Other'] })
  })

  test('that shows a scrape without honorLabels is warned of once', async () => {
    await using webhook = await served()
    const labels = { namespace: 'monitoring', pod: 'kube-state-metrics-6f5c9d8b7-q2w3e', exported_namespace: 'shop' }
    const body = (pod: string): string =>
      JSON.stringify(payloadOf([podNotReady(pod, { labels: { ...labels, exported_pod: pod } })]))
    expect([await webhook.send(body('web-1')), await webhook.send(body('web-2'))]).toEqual([200, 200])
    expect(webhook.warnings).toEqual([expect.stringContaining('without honorLabels')])
  })

  test('one label that is called as a method is loses none of the others', async () => {
    await using webhook = await served()
    const odd = [
      podNotReady('web-1', { labels: { severity: 'constructor' } }),
      podNotReady('web-2', { labels: { severity: '__proto__', cluster: 'x'.repeat(1_100_000) } }),
      podNotReady('web-3'),
    ]
    expect(await webhook.send(JSON.stringify(payloadOf(odd)))).toBe(200)
    const [record] = webhook.written
    expect(record?.alerts.map((it) => alertSchema.safeParse(it).success)).toEqual([true, true, true])
  })

  test.each(['', '{', 'null', '"alerts"', '{"alerts":{}}'])('that is none, is refused: %j', async (body) => {
    await using webhook = await served()
    expect(await webhook.send(body)).toBe(400)
  })

  test('that is too large is refused before it is read, and while it is', async () => {
    await using webhook = await served()
    expect(await head(webhook.address, `content-length: ${17 * 1_024 * 1_024}`)).toBe(413)
    expect(await head(webhook.address, 'transfer-encoding: chunked', 17)).toBe(413)
  })
})

describe('where it cannot be written down, it comes again', () => {
  test('after an error of the store', async () => {
    await using webhook = await served(async () => {
      throw new Error('no Redis')
    })
    expect(await webhook.send(alert)).toBe(503)
    expect(webhook).toMatchObject({ added: [], outcomes: ['unavailable'] })
  })

  test('while the store does not answer; and never as 429', async () => {
    const never = new Promise<void>(() => undefined)
    await using webhook = await served(() => never)
    const all = await Promise.all(Array.from({ length: 40 }, () => webhook.send(alert)))
    expect(new Set(all)).toEqual(new Set([503]))
  })
})

/** Sends the head of a request and, in chunks, so many MiB of zeros. The status of the answer. */
async function head(address: string, header: string, mebibytes = 0): Promise<number> {
  const { hostname, port } = new URL(address)
  const socket = connect(Number(port), hostname)
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  socket.once('error', reject)
  socket.once('close', () => reject(new Error('the connection was closed without an answer')))
  socket.once('data', (data) => resolve(Number(data.toString().split(' ')[1])))
  socket.write(`POST / HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\n${header}\r\n\r\n`)
  const mebibyte = Buffer.alloc(1_024 * 1_024, '0')
  for (let sent = 0; sent < mebibytes; sent++) {
    socket.write('100000\r\n')
    socket.write(mebibyte)
    socket.write('\r\n')
  }
  return promise.finally(() => socket.destroy())
}
