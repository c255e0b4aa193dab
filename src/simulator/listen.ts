import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'

export interface Listening {
  readonly port: number
  close(): Promise<void>
}

/** An HTTP server, with TLS where it gets a certificate, on some port of 127.0.0.1. */
export async function listen(
  listener: RequestListener,
  tls?: { readonly cert: string; readonly key: string },
): Promise<Listening> {
  const server = tls ? createTlsServer(tls, listener) : createServer(listener)
  const port = await listenOnLoopback(server)
  return {
    port,
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      return closed
    },
  }
}

export function listenOnLoopback(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)) // it listens on TCP
  })
}
