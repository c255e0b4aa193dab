import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface AppServer extends AsyncDisposable {
  /** For `eventsUrl`. */
  readonly address: string
}

/** An app without Bolt, which answers Slack as badly as a test needs it. */
export async function appServer(listener: RequestListener): Promise<AppServer> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // it listens on TCP
  return {
    address: `http://127.0.0.1:${port}/slack/events`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
