import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type HttpServer, type Route, startServer } from '../src/app/http.ts'
import { createLog } from '../src/observability/log.ts'

const ok: Route = (_request, response) => void response.end('done')

interface Served extends HttpServer {
  readonly log: readonly string[]
  get(path: string, init?: RequestInit): Promise<readonly [status: number, body: string]>
}

/** On loopback; gone with the test. Its Slack answers `heard`. */
async function served(routes: Readonly<Record<string, Route>>): Promise<Served> {
  const log: string[] = []
  const server = await startServer({
    port: 0,
    host: '127.0.0.1',
    routes,
    slack: { path: '/slack/events', listener: (_request, response) => void response.end('heard') },
    log: createLog('debug', { write: (line) => log.push(line) }),
  })
  onTestFinished(() => server.stop(0))
  async function get(path: string, init?: RequestInit): Promise<readonly [number, string]> {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`, init)
    return [response.status, await response.text()]
  }
  return { ...server, log, get }
}

const post = (timestamp: string) => ({ method: 'POST', headers: { 'x-slack-request-timestamp': timestamp } })
const inSeconds = (seconds: number): string => String(Math.floor(Date.now() / 1_000) + seconds)

describe('the one port', () => {
  test.each<[string, string, RequestInit | undefined, number, string]>([
    ['leads a path to its route', '/healthz', undefined, 200, 'done'],
    ['whatever its query is', '/healthz?verbose=1', undefined, 200, 'done'],
    ['and no other method', '/healthz', { method: 'POST' }, 405, 'method not allowed\n'],
    ['HEAD as GET, without a body', '/healthz', { method: 'HEAD' }, 200, ''],
    ['knows no other path', '/', undefined, 404, 'not found\n'],
    ['nor one that every object has', '/constructor', undefined, 404, 'not found\n'],
    ['leads its own path to Slack', '/slack/events', post(inSeconds(0)), 200, 'heard'],
    ['and only what is posted', '/slack/events', { method: 'PUT' }, 405, 'method not allowed\n'],
    ['also a little early', '/slack/events', post(inSeconds(200)), 200, 'heard'],
    ['but nothing from the future', '/slack/events', post(inSeconds(400)), 401, ''],
    ['tells a defect of a route as such', '/broken', undefined, 500, 'internal error\n'],
    ['also one that comes at once', '/throws', undefined, 500, 'internal error\n'],
  ])('%s', async (_name, path, init, status, body) => {
    const { get } = await served({
      'GET /healthz': ok,
      'GET /broken': () => Promise.reject(new Error('broken')),
      'GET /throws': () => {
        throw new Error('broken')
      },
    })
    expect(await get(path, init)).toEqual([status, body])
  })

  test('keeps an idle connection for longer than load balancers do', async () => {
    const { port } = await served({ 'GET /healthz': ok })
    const { headers } = await fetch(`http://127.0.0.1:${port}/healthz`)
    const [, seconds] = /timeout=(\d+)/.exec(headers.get('keep-alive') ?? '') ?? []
    expect(Number(seconds)).toBeGreaterThan(75)
  })

  test('a defect is in the log, without what was asked', async () => {
    const { get, log } = await served({ 'GET /broken': () => Promise.reject(new Error('the reason')) })
    await get('/broken?token=not-to-be-seen')
    expect(log.map((line) => JSON.parse(line))).toMatchObject([
      { level: 'error', message: 'a request could not be answered', path: '/broken', error: { message: 'the reason' } },
    ])
    expect(log.join('')).not.toContain('not-to-be-seen')
  })

  test('an answer that broke off ends its connection, and nothing else', async () => {
    const { get } = await served({
      'GET /half': async (_request, response) => {
        response.writeHead(200, { 'content-length': '100' }).write('half')
        throw new Error('broken')
      },
      'GET /healthz': ok,
    })
    await expect(get('/half')).rejects.toThrow()
    expect(await get('/healthz')).toEqual([200, 'done'])
  })
})

describe('its end', () => {
  test('waits for what is being answered', async () => {
    const [asked, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const { get, stop } = await served({
      'GET /slow': async (_request, response) => {
        asked.resolve()
        await gate.promise
        response.end('done')
      },
    })
    const answer = get('/slow')
    await asked.promise
    const stopped = stop(60_000)
    gate.resolve()
    await stopped
    expect(await answer).toEqual([200, 'done'])
    await expect(get('/slow')).rejects.toThrow()
  })

  test('does not wait for ever', async () => {
    const asked = Promise.withResolvers<void>()
    const { get, stop } = await served({ 'GET /never': () => asked.resolve() })
    const answer = get('/never').catch(() => 'broken off')
    await asked.promise
    await stop(100)
    expect(await answer).toBe('broken off')
  })

  test('nor for a connection that asks nothing', async () => {
    const { port, stop } = await served({})
    const idle = connect(port, '127.0.0.1')
    idle.on('error', () => undefined)
    await once(idle, 'connect')
    const closed = once(idle, 'close')
    await stop(100)
    await closed
    expect(idle.destroyed).toBe(true)
  })
})
