import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createRegistry } from '../../../src/registry/client.ts'
import { type Resolve, type Timeouts, usualTimeouts } from '../../../src/registry/http/guarded-http.ts'

const of = { host: 'registry.example', repository: 'app', reference: '1' }

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port // it listens on TCP
}

function client(resolve: Resolve, timeouts: Partial<Timeouts> = {}) {
  return createRegistry({ policy: { refuses: () => undefined, plainHttp: () => true }, resolve, timeouts })
}

test('a registry that takes the connection and stays silent is given up soon', async () => {
  const open: { destroy(): void }[] = []
  const port = await listening(createServer((socket) => void open.push(socket)))
  onTestFinished(() => void open.map((socket) => socket.destroy()))
  const encrypted = createRegistry({
    policy: { refuses: () => undefined, plainHttp: () => false },
    resolve: async () => [{ address: '127.0.0.1', family: 4, port }],
  })
  await expect(encrypted.manifest(of)).rejects.toMatchObject({ code: 'timeout' })
  // One connection within its time: a node's own time-out is told in 2.5 s, the timer's tick of half a second included.
  expect(open).toHaveLength(1)
  expect(usualTimeouts.connect).toBeLessThanOrEqual(2_000)
})

test('an answer that drips for ever ends', async () => {
  const port = await listening(
    createHttpServer((_, response) => {
      response.writeHead(200)
      const dripping = setInterval(() => response.write(' '), 20)
      response.on('close', () => clearInterval(dripping))
    }),
  )
  const registry = client(async () => [{ address: '127.0.0.1', family: 4, port }], { whole: 500 })
  await expect(registry.tags(of)).rejects.toMatchObject({ code: 'timeout' })
})

test('a resolver that never answers is not waited for', async () => {
  const registry = client(() => new Promise(() => {}), { name: 50 })
  await expect(registry.manifest(of)).rejects.toMatchObject({ code: 'name-not-resolved' })
})

test('of several addresses the next is tried where one refuses', async () => {
  const asked: string[] = []
  const port = await listening(
    createHttpServer((request, response) => {
      asked.push(request.url ?? '')
      response.writeHead(200).end()
    }),
  )
  const places = ['127.0.0.2', '127.0.0.3', '127.0.0.1'].map((address) => ({ address, family: 4 }))
  const registry = client(async () => places)
  expect(await registry.manifest({ ...of, host: `registry.example:${port}` })).toMatchObject({ status: 'found' })
  expect(asked).toEqual(['/v2/app/manifests/1'])
})
