import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { type WebSocket, WebSocketServer } from 'ws'
import { createAcknowledgements } from './acknowledgements.ts'
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
  /** For one connection: `ws://127.0.0.1:PORT/link?ticket=…`. */
  issue(): string
  /** Whether an app is connected. */
  readonly connected: boolean
  /** Resolves with the payload of the acknowledgement; undefined: it had none. Rejects when the signal aborts first. */
  send(envelope: Envelope, signal: AbortSignal): Promise<unknown>
  /** Asks each app to connect anew, as Slack does every few hours. */
  refresh(): void
  /** Breaks every connection without a word. */
  drop(): void
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Says goodbye, and waits a moment for the answer. */
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

  /** The newest one: older ones may be about to close. */
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
