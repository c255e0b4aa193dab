import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { createClusterClient } from '../../../src/kubernetes/cluster-client.ts'
import { httpTransport } from '../../../src/kubernetes/transport/http.ts'

const server = createServer()
let known = 'v5.channel.k8s.io'
const sockets = new WebSocketServer({
  noServer: true,
  handleProtocols: (offered) => (offered.has(known) ? known : false),
})
const of = { namespace: 'infra', pod: 'registry-0', command: ['wget', '-q', 'http://localhost/a b'], limitBytes: 1_000 }
let answer: (socket: WebSocket) => void
let refusal = ''
let asked: { readonly url: string; readonly protocol: string; readonly authorization: string | undefined }

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  server.on('upgrade', (request, connection, head) => {
    if (refusal) connection.end(refusal)
    else sockets.handleUpgrade(request, connection, head, (socket) => sockets.emit('connection', socket, request))
  })
  sockets.on('connection', (socket, request) => {
    asked = { url: request.url ?? '', protocol: socket.protocol, authorization: request.headers.authorization }
    answer(socket)
  })
})
afterAll(() => {
  sockets.close()
  server.closeAllConnections()
  server.close()
})

function cluster() {
  const { port } = server.address() as AddressInfo // it listens on TCP
  const config = {
    context: 'test',
    namespace: 'default',
    cluster: { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true },
    user: { token: 'c4n4ry' },
  }
  return createClusterClient(httpTransport(config), { name: 'test', namespace: 'default' })
}

function frame(channel: number, text: string): Buffer {
  return Buffer.concat([Buffer.from([channel]), Buffer.from(text)])
}

test('an API server before Kubernetes 1.30 knows the older protocol', async () => {
  known = 'v4.channel.k8s.io'
  answer = (socket) => {
    socket.send(frame(1, 'old'))
    socket.send(frame(3, JSON.stringify({ status: 'Success' })))
    socket.close()
  }
  expect(await cluster().exec(of)).toEqual({ output: 'old', errors: '', exitCode: 0 })
  expect(asked.protocol).toBe(known)
  known = 'v5.channel.k8s.io'
})

test('output and errors come apart, in pieces, with the exit code', async () => {
  answer = (socket) => {
    socket.send(frame(1, 'häl'.slice(0, 1)))
    const pieces = Buffer.from('ällo')
    socket.send(Buffer.concat([Buffer.from([1]), pieces.subarray(0, 1)]))
    socket.send(Buffer.concat([Buffer.from([1]), pieces.subarray(1)]))
    socket.send(frame(2, 'HTTP/1.1 404'))
    const causes = [{ reason: 'ExitCode', message: '1' }]
    socket.send(frame(3, JSON.stringify({ status: 'Failure', details: { causes } })))
    socket.close()
  }
  expect(await cluster().exec(of)).toEqual({ output: 'hällo', errors: 'HTTP/1.1 404', exitCode: 1 })
  expect(asked).toEqual({
    url: '/api/v1/namespaces/infra/pods/registry-0/exec?stdout=true&stderr=true&command=wget&command=-q&command=http%3A%2F%2Flocalhost%2Fa+b',
    protocol: 'v5.channel.k8s.io',
    authorization: 'Bearer c4n4ry',
  })
})

test('a program that is not there has no exit code', async () => {
  answer = (socket) => {
    socket.send(frame(3, JSON.stringify({ status: 'Failure', message: 'exec: "wget": executable file not found' })))
    socket.close()
  }
  expect(await cluster().exec(of)).toEqual({
    output: '',
    errors: 'exec: "wget": executable file not found',
    exitCode: undefined,
  })
})

test('endless output is cut off', async () => {
  answer = (socket) => {
    const flood = setInterval(() => socket.send(frame(1, 'x'.repeat(600))), 1)
    socket.on('close', () => clearInterval(flood))
  }
  await expect(cluster().exec(of)).rejects.toMatchObject({ code: 'invalid-answer' })
})

test('a connection that ends before the result is no result', async () => {
  answer = (socket) => socket.terminate()
  await expect(cluster().exec(of)).rejects.toMatchObject({ code: 'invalid-answer' })
})

test('a refusal is told', async () => {
  const body = '{"kind":"Status","message":"pods \\"registry-0\\" is forbidden"}'
  refusal = `HTTP/1.1 403 Forbidden\r\ncontent-length: ${body.length}\r\n\r\n${body}`
  await expect(cluster().exec(of)).rejects.toMatchObject({ code: 'forbidden' })
  refusal = ''
})

test('the time limit ends it', async () => {
  answer = () => {}
  const signal = AbortSignal.timeout(100)
  await expect(cluster().exec(of, signal)).rejects.toMatchObject({ code: 'timeout' })
})
