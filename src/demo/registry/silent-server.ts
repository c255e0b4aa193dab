import { createServer, type Socket } from 'node:net'
import { type Listening, listenOnLoopback } from '../listen.ts'

/** Takes connections and never says anything: an address that nobody answers at, as far as loopback can be one. */
export async function silentServer(): Promise<Listening> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => sockets.delete(socket))
  })
  const port = await listenOnLoopback(server)
  return {
    port,
    close() {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
