import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { probe } from '../../src/cli/probe.ts'

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port // it listens on TCP
}

async function report(host: string, patience?: number) {
  const output = new PassThrough()
  const io = { input: new PassThrough(), output, errors: new PassThrough() }
  expect(await probe(host, io, patience)).toBe(0)
  output.end()
  return JSON.parse(await text(output))
}

test('a registry without TLS is asked without it', async () => {
  const port = await listening(
    createHttpServer((_, response) =>
      response.writeHead(401, { 'docker-distribution-api-version': 'registry/2.0' }).end(),
    ),
  )
  expect(await report(`127.0.0.1:${port}`)).toMatchObject({
    tcp: { ok: true },
    http: { ok: true, says: '401, registry/2.0, without TLS' },
  })
})

test('where nothing is answered it says so, and leaves no connection open', async () => {
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => {})
    // TLS is answered with words, and the question after it with none.
    socket.once('data', (data) => data[0] === 22 && socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
  })
  const port = await listening(server)
  expect(await report(`127.0.0.1:${port}`, 1_000)).toMatchObject({ http: { ok: false, says: 'no answer within 1 s' } })
  await Promise.all(sockets.map((socket) => socket.closed || once(socket, 'close')))
})

test.each(['169.254.169.254', '[fd00:ec2::254]:80', '[64:ff9b::a9fe:a9fe]', '100.100.100.200'])(
  '%s is not connected to',
  async (host) => {
    const { tcp, tls } = await report(host)
    expect(tcp).toMatchObject({ ok: false, says: expect.stringContaining('not connected') })
    expect(tls).toBeUndefined()
  },
)
