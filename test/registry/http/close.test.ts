import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createRegistry } from '../../../src/registry/client.ts'
import { createManners } from '../../../src/registry/manners/manners.ts'

const of = { host: 'registry.example', repository: 'app' }
const tags = JSON.stringify({ name: 'app', tags: ['1'] })

/** A server that asks its clients to keep their connections for an hour. */
async function patientServer(answer: (response: ServerResponse) => void): Promise<{ server: Server; port: number }> {
  const server = createServer((_, response) => answer(response))
  server.keepAliveTimeout = 60 * 60_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { server, port: (server.address() as AddressInfo).port } // it listens on TCP
}

function client(port: number, manners = createManners()) {
  return createRegistry({
    policy: { refuses: () => undefined, plainHttp: () => true },
    resolve: async () => [{ address: '127.0.0.1', family: 4, port }],
    sharing: { manners, cluster: 'test', answers: 'recent' },
  })
}

test('a registry that is closed keeps no connection', async () => {
  const { server, port } = await patientServer((response) => response.writeHead(200).end(tags))
  const connected = once(server, 'connection')
  const registry = client(port)
  expect(await registry.tags(of)).toMatchObject({ names: ['1'] })
  const [socket] = (await connected) as [Socket]
  expect(socket.closed).toBe(false)
  registry.close()
  await once(socket, 'close')
})

test('one that another client waits for is closed when it has answered', async () => {
  const answers: ServerResponse[] = []
  const { server, port } = await patientServer((response) => void answers.push(response))
  const manners = createManners()
  const [first, second] = [client(port, manners), client(port, manners)]
  const requested = once(server, 'request')
  const connected = once(server, 'connection')
  const asking = [first.tags(of), second.tags(of)]
  const [socket] = (await connected) as [Socket]
  await requested
  first.close()
  const closed = once(socket, 'close')
  for (const response of answers) response.writeHead(200).end(tags)
  expect(await Promise.all(asking)).toMatchObject([{ names: ['1'] }, { names: ['1'] }])
  expect(second.requests).toBe(0)
  await closed
})
