import { createServer, type IncomingMessage, METHODS, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Log } from '../observability/log.ts'
import type { Metrics } from '../observability/metrics.ts'
import type { Queue } from '../queue/queue.ts'
import type { Store } from '../store/store.ts'

/** What one route does. A rejection is answered with 500. */
export type Route = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void

export interface HttpServer {
  readonly port: number
  /** Takes no new connection, and closes idle ones. Busy ones get `ms` milliseconds. */
  stop(ms: number): Promise<void>
}

export interface ServerOptions {
  readonly port: number
  /** Default: every address. */
  readonly host?: string | undefined
  /** The routes by method and path: `POST /webhooks/alertmanager`. */
  readonly routes: Readonly<Record<string, Route>>
  /** Slack's requests. Only POST reaches the listener. */
  readonly slack: { readonly path: string; readonly listener: Route } | undefined
  readonly log: Log
}

/**
 * Milliseconds. Load balancers keep an idle connection for 60 s (AWS ALB, ingress-nginx) or 75 s (nginx) by default,
 * and send the next request on it. If this server closes it first, that request gets a 502, and Slack does not repeat a
 * click. The other two limits are longer still, because they also count on a connection that was opened before there
 * was a request.
 */
const timeouts = { keepAlive: 90_000, headers: 95_000, request: 95_000 } as const
/** Milliseconds. */
const idleCheck = 20
/** Seconds by which Slack's timestamp may differ. Bolt itself only checks that it is not too old. */
const clockSkew = 300

/** Starts the server for all HTTP requests. Every request is answered, whatever its method, path and headers are. */
export async function startServer({ port, host, routes, slack, log }: ServerOptions): Promise<HttpServer> {
  const table = new Map(
    Object.entries({ ...routes, ...(slack && { [`POST ${slack.path}`]: withFreshTimestamp(slack.listener) }) }),
  )
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/'
    const route = findRoute(table, request.method ?? '', path)
    if (!route) return answerUnknown(table, response, path)
    Promise.try(route, request, response).catch((error: unknown) => {
      log.error('a request could not be answered', { error, path })
      if (!response.headersSent) answer(response, 500, 'internal error\n')
      else response.destroy()
    })
  })
  server.on('connect', (_request, socket) => refuseTunnel(socket))
  server.headersTimeout = timeouts.headers
  server.requestTimeout = timeouts.request
  server.keepAliveTimeout = timeouts.keepAlive
  await listen(server, port, host)
  return { port: (server.address() as AddressInfo).port, stop: (ms) => stop(server, ms) } // it listens on TCP
}

type Table = ReadonlyMap<string, Route>

/** Uptime checks often use HEAD instead of GET. Node omits the body. */
function findRoute(table: Table, method: string, path: string): Route | undefined {
  return table.get(`${method === 'HEAD' ? 'GET' : method} ${path}`)
}

function answerUnknown(table: Table, response: ServerResponse, path: string): void {
  const allow = METHODS.filter((method) => findRoute(table, method, path))
  if (allow.length === 0) answer(response, 404, 'not found\n')
  else answer(response, 405, 'method not allowed\n', { allow: allow.join(', ') })
}

/** Bolt itself checks only that the timestamp is not too old. */
function withFreshTimestamp(listener: Route): Route {
  return (request, response) => (fromFuture(request) ? answer(response, 401, '') : listener(request, response))
}

/**
 * Node passes the connection of a CONNECT request to a listener. Without a listener it would be closed without an
 * answer.
 */
function refuseTunnel(socket: Duplex): void {
  socket.on('error', () => socket.destroy())
  socket.end('HTTP/1.1 405 Method Not Allowed\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
}

function listen(server: Server, port: number, host: string | undefined): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen({ port, ...(host && { host }) }, () => {
    server.off('error', reject)
    resolve()
  })
  return promise
}

async function stop(server: Server, ms: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  const idle = setInterval(() => server.closeIdleConnections(), idleCheck) // also connections that become idle in the meantime
  const late = setTimeout(() => server.closeAllConnections(), ms)
  await closed
  clearInterval(idle)
  clearTimeout(late)
}

function fromFuture({ headers }: IncomingMessage): boolean {
  const timestamp = Number(headers['x-slack-request-timestamp'])
  return Number.isFinite(timestamp) && timestamp > Date.now() / 1_000 + clockSkew
}

function answer(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers }).end(body)
}

interface Parts {
  readonly store: Store
  readonly queue: Queue
  /** Tells whether Slack has answered who the bot is. */
  readonly slack: () => boolean
  readonly metrics: Metrics
}

/** The health checks. `/healthz`: the process answers. `/readyz`: it can do its work now. */
export function health({ store, queue, slack, metrics }: Parts): Readonly<Record<string, Route>> {
  async function ready(): Promise<Readonly<Record<string, string>>> {
    const [storeState, queueState] = await Promise.all([readState(store.ping()), readState(queue.counts())])
    return { store: storeState, queue: queueState, slack: slack() ? 'ok' : 'not reached yet' }
  }
  return {
    'GET /healthz': (_request, response) => json(response, 200, { status: 'ok' }),
    'GET /readyz': async (_request, response) => {
      const parts = await ready()
      const status = Object.values(parts).every((it) => it === 'ok') ? 200 : 503
      json(response, status, parts)
    },
    'GET /metrics': async (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(await metrics.text())
    },
  }
}

async function readState(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'ok',
    (error: unknown) => (error instanceof Error ? error.message : 'failed'),
  )
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`)
}
