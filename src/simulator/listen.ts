import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net'

export interface Listening {
  readonly port: number
  close(): Promise<void>
}

/** Starts an HTTP server on a free port of 127.0.0.1, with TLS if it gets a certificate. */
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

/** Returns the wanted port of 127.0.0.1 if it is free, else any free port. */
export async function freePort(wanted: number): Promise<number> {
  return (await tryPort(wanted)) ?? (await tryPort(0)) ?? wanted
}

async function tryPort(port: number): Promise<number | undefined> {
  const { promise, resolve } = Promise.withResolvers<number | undefined>()
  const server = createTcpServer()
  server.once('error', () => resolve(undefined))
  server.listen(port, '127.0.0.1', () => {
    const { port: own } = server.address() as AddressInfo // it listens on TCP
    server.close(() => resolve(own))
  })
  return promise
}
