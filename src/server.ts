import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Log } from './observability/log.ts'

/** What one route does. A rejection is answered with 500. */
export type Route = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void

export interface HttpServer {
  readonly port: number
  /** Takes no new connection, and closes the idle ones; those that are busy get so many milliseconds. */
  stop(ms: number): Promise<void>
}

export interface ServerOptions {
  readonly port: number
  /** Default: every address. */
  readonly host?: string | undefined
  /** By method and path: `POST /webhooks/alertmanager`. */
  readonly routes: Readonly<Record<string, Route>>
  /** Bolt's, for its own path. */
  readonly slack: { readonly path: string; readonly listener: RequestListener } | undefined
  readonly log: Log
}

/** Milliseconds. Requests are small: what takes longer to arrive is no honest one. */
const timeouts = { headers: 10_000, request: 30_000, keepAlive: 5_000 } as const
/** Milliseconds. */
const pauseOfStop = 20
/** Seconds that Slack's timestamp may be off, either way: Bolt itself only checks that it is not too old. */
const clockSkew = 300

/** The one HTTP port. */
export async function startServer({ port, host, routes, slack, log }: ServerOptions): Promise<HttpServer> {
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?')[0]
    if (slack && path === slack.path)
      return fromFuture(request) ? answer(response, 401, '') : slack.listener(request, response)
    const route = routes[`${request.method} ${path}`]
    if (!route) return answer(response, 404, 'not found\n')
    Promise.try(route, request, response).catch((error: unknown) => {
      log.error('a request could not be answered', { error, path })
      if (!response.headersSent) answer(response, 500, 'internal error\n')
      else response.destroy()
    })
  })
  server.headersTimeout = timeouts.headers
  server.requestTimeout = timeouts.request
  server.keepAliveTimeout = timeouts.keepAlive
  await listen(server, port, host)
  return { port: (server.address() as AddressInfo).port, stop: (ms) => stop(server, ms) } // it listens on TCP
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
  const idle = setInterval(() => server.closeIdleConnections(), pauseOfStop) // also what becomes idle meanwhile
  const late = setTimeout(() => server.closeAllConnections(), ms)
  await closed
  clearInterval(idle)
  clearTimeout(late)
}

function fromFuture({ headers }: IncomingMessage): boolean {
  const timestamp = Number(headers['x-slack-request-timestamp'])
  return Number.isFinite(timestamp) && timestamp > Date.now() / 1_000 + clockSkew
}

function answer(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(body)
}
