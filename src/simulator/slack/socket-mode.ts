import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { type WebSocket, WebSocketServer } from 'ws'
import { z } from 'zod'
import type { Ids } from './workspace/ids.ts'

/** https://docs.slack.dev/apis/events-api/using-socket-mode */
export interface Envelope {
  readonly type: 'slash_commands' | 'interactive' | 'events_api'
  readonly payload: unknown
  readonly accepts_response_payload: boolean
  readonly retry_attempt?: number
  readonly retry_reason?: string
}

export interface SocketMode {
  /** Issues the address of one connection: `ws://127.0.0.1:PORT/link?ticket=…`. */
  issue(): string
  /** Whether an app is connected. */
  readonly connected: boolean
  /** Resolves with the payload of the acknowledgement; undefined: it had none. Rejects when the signal aborts first. */
  send(envelope: Envelope, signal: AbortSignal): Promise<unknown>
  /** Asks each app to reconnect, as Slack does every few hours. */
  refresh(): void
  /** Breaks every connection without notice. */
  drop(): void
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Closes connections, and waits a moment for the clients. */
  close(): Promise<void>
}

/** Milliseconds. */
const goodbye = 200
const host = { host: 'local' }

/** `address`: `ws://127.0.0.1:PORT`. */
export function createSocketMode(address: string, appId: string, ids: Ids): SocketMode {
  const server = new WebSocketServer({ noServer: true })
  const acknowledgements = createAcknowledgements()
  const tickets = new Set<string>()
  const sockets = new Set<WebSocket>()

  function welcome(socket: WebSocket): void {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.terminate())
    socket.on('message', (data) => acknowledgements.take(String(data)))
    const hello = { type: 'hello', num_connections: sockets.size, connection_info: { app_id: appId } }
    socket.send(JSON.stringify({ ...hello, debug_info: { ...host, approximate_connection_time: 18_060 } }))
  }

  /** Returns the newest connection, because older ones may be closing. */
  function recipient(): WebSocket | undefined {
    return [...sockets].findLast((socket) => socket.readyState === socket.OPEN)
  }

  return {
    issue() {
      const ticket = ids.secret()
      tickets.add(ticket)
      return `${address}/link?ticket=${ticket}&app_id=${appId}`
    },
    get connected() {
      return recipient() !== undefined
    },
    send(envelope, signal) {
      const id = ids.secret()
      recipient()?.send(JSON.stringify({ ...envelope, envelope_id: id }))
      return acknowledgements.of(id, signal)
    },
    refresh() {
      const request = { type: 'disconnect', reason: 'refresh_requested', debug_info: host }
      for (const socket of sockets) socket.send(JSON.stringify(request))
    },
    drop() {
      for (const socket of sockets) socket.terminate()
    },
    upgrade(request, socket, head) {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://local')
      if (pathname === '/link' && tickets.delete(searchParams.get('ticket') ?? '')) {
        server.handleUpgrade(request, socket, head, welcome)
      } else socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n')
    },
    close: () => closed(server, sockets),
  }
}

async function closed(server: WebSocketServer, sockets: ReadonlySet<WebSocket>): Promise<void> {
  const gone = [...sockets].map((socket) => once(socket, 'close'))
  for (const socket of sockets) socket.close(1001)
  await Promise.race([Promise.all(gone), sleep(goodbye)])
  for (const socket of sockets) socket.terminate()
  server.close()
}

/** The acknowledgements of an app in Socket Mode. */
export interface Acknowledgements {
  /** Resolves with the payload; undefined: there was none. Rejects when the signal aborts first. */
  of(envelopeId: string, signal: AbortSignal): Promise<unknown>
  /** Handles a message of an app. Ignores it if it acknowledges nothing. */
  take(message: string): void
}

const schema = z.object({ envelope_id: z.string(), payload: z.unknown().optional() })

function createAcknowledgements(): Acknowledgements {
  const waiting = new Map<string, (payload: unknown) => void>()
  return {
    of(envelopeId, signal) {
      const answer = Promise.withResolvers<unknown>()
      const stop = (): void => answer.reject(signal.reason)
      waiting.set(envelopeId, answer.resolve)
      signal.addEventListener('abort', stop, { once: true })
      return answer.promise.finally(() => {
        waiting.delete(envelopeId)
        signal.removeEventListener('abort', stop)
      })
    },
    take(message) {
      const parsed = schema.safeParse(parsedOrNot(message))
      if (!parsed.success) return
      const { envelope_id, payload } = parsed.data
      waiting.get(envelope_id)?.(isEmpty(payload) ? undefined : payload)
    },
  }
}

/** Whether a payload is empty: clients send an empty object for no content. */
function isEmpty(payload: unknown): boolean {
  return typeof payload === 'object' && payload !== null && Object.keys(payload).length === 0
}

function parsedOrNot(message: string): unknown {
  try {
    return JSON.parse(message)
  } catch {
    return undefined
  }
}
