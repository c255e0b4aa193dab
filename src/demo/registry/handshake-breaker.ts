import { createServer } from 'node:net'
import { type Listening, listenOnLoopback } from '../listen.ts'

// RFC 8446, 6.2: an alert record, fatal, handshake_failure.
const alert = Buffer.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x28])

/** What a broken gateway on the way does to TLS: it answers every greeting with an alert. */
export async function handshakeBreaker(): Promise<Listening> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined) // whoever gets an alert may hang up at once
    socket.once('data', () => socket.end(alert))
  })
  const port = await listenOnLoopback(server)
  return { port, close: () => new Promise((resolve) => server.close(() => resolve())) }
}
