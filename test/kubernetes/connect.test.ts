import { writeFileSync } from 'node:fs'
import type { RequestListener, ServerResponse } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { explainError } from '../../src/cli/explain-error.ts'
import type { Cluster } from '../../src/kubernetes/cluster.ts'
import { connectCluster } from '../../src/kubernetes/connect.ts'
import {
  kubeconfigFile,
  type LoopbackServer,
  loopbackServer,
  temporaryFile,
} from '../../src/simulator/cluster/memory-cluster.ts'

interface Connected {
  readonly cluster: Cluster
  readonly server: LoopbackServer
}

async function connected(listener: RequestListener, user?: object): Promise<Connected> {
  const server = await loopbackServer(listener)
  const file = kubeconfigFile(server.address, user)
  onTestFinished(async () => {
    file[Symbol.dispose]()
    await server[Symbol.asyncDispose]()
  })
  return { cluster: connectCluster({ kubeconfig: file.path }), server }
}

type Scripted = (response: ServerResponse) => void

/** Answers the first request with the first answer, and so on; the last one again and again. */
function inTurn(...answers: readonly Scripted[]): RequestListener {
  let next = 0
  return (_, response) => answers[Math.min(next++, answers.length - 1)]?.(response)
}

function answer(status: number, body: unknown, headers: Record<string, string> = {}): Scripted {
  return (response) => response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body))
}

const nothing = answer(200, { items: [] })
const reset: Scripted = (response) => response.socket?.resetAndDestroy()
const failed = (code: number, message: string) =>
  answer(code, { kind: 'Status', code, message }, { 'retry-after': '0' })

test.each([
  ['a busy server', [failed(429, 'too many requests'), nothing], 2],
  ['a server that starts', [failed(503, 'starting'), failed(503, 'starting'), nothing], 3],
  ['a connection that was closed meanwhile', [reset, nothing], 2],
])('asks %s again', async (_, answers, requests) => {
  const { cluster } = await connected(inTurn(...answers))
  expect(await cluster.list('pods', {})).toEqual({ items: [], complete: true })
  expect(cluster.requests).toBe(requests)
})

test.each([
  ['credentials that expired', failed(401, 'Unauthorized'), 'unauthorized', 1],
  ['a missing right', failed(403, 'pods is forbidden'), 'forbidden', 1],
  ['a busy server, at last', failed(429, 'too many requests'), 'overloaded', 3],
  ['a server that is too busy to wait for', answer(429, '', { 'retry-after': '60' }), 'overloaded', 1],
  ['a gateway', answer(504, 'gateway timeout'), 'timeout', 1],
  ['a defect', failed(500, 'etcdserver: leader changed'), 'server-error', 1],
  ['a resource it does not know', failed(404, 'the server could not find the requested resource'), 'not-served', 1],
  ["a proxy's page", answer(200, '<html>Log in</html>'), 'invalid-answer', 1],
  ['another object', answer(200, { items: [{ kind: 'Pod' }] }), 'invalid-answer', 1],
  ['a closed connection, twice', reset, 'unreachable', 2],
] as const)('explains %s', async (_, scripted, code, requests) => {
  const { cluster } = await connected(inTurn(scripted))
  await expect(cluster.list('pods', { namespace: 'shop' })).rejects.toMatchObject({
    name: 'ClusterError',
    code,
    request: 'list pods in shop',
    message: expect.stringContaining('(list pods in shop)'),
  })
  expect(cluster.requests).toBe(requests)
})

test('a 404 says that an object is not there only where it names the object', async () => {
  const named = answer(404, { kind: 'Status', message: 'pods "a" not found', details: { name: 'a', kind: 'pods' } })
  const { cluster } = await connected(inTurn(named, answer(404, '404 page not found')))
  expect(await cluster.get('pods', { namespace: 'shop', name: 'a' })).toBeUndefined()
  await expect(cluster.get('pods', { namespace: 'shop', name: 'a' })).rejects.toMatchObject({ code: 'not-served' })
})

test('a list that etcd has forgotten halfway is not complete', async () => {
  const page = answer(200, { metadata: { continue: 'x' }, items: [{ metadata: { name: 'a' } }] })
  const { cluster } = await connected(inTurn(page, failed(410, 'The provided continue parameter is too old')))
  const found = await cluster.list('namespaces', {})
  expect(found).toMatchObject({ items: [{ metadata: { name: 'a' } }], complete: false })
})

test('a log is not read beyond what was asked for', async () => {
  const { cluster } = await connected(answerForever)
  const asked = cluster.logs({ namespace: 'shop', pod: 'a', tailLines: 1, limitBytes: 1_000 })
  await expect(asked).rejects.toMatchObject({ code: 'invalid-answer', message: expect.stringContaining('larger than') })
})

const answerForever: RequestListener = (_, response) => {
  const write = (): void => void (response.destroyed || response.write('x'.repeat(10_000), write))
  write()
}

test('nobody listens: the address and the reason are named', async () => {
  using file = kubeconfigFile('http://127.0.0.1:1')
  const cluster = connectCluster({ kubeconfig: file.path })
  await expect(cluster.list('pods', {})).rejects.toMatchObject({
    code: 'unreachable',
    message: expect.stringMatching(/the API server http:\/\/127\.0\.0\.1:1 cannot be reached .*ECONNREFUSED/),
  })
})

test('what looks like a credential stays out of errors', async () => {
  const { cluster } = await connected(inTurn(failed(500, 'proxy said: Authorization: Bearer abcdefghijklmnop1234')))
  const error: Error = await cluster.list('pods', {}).catch((it) => it)
  expect(error.message).toContain('[redacted]')
  expect(error.message).not.toContain('abcdefghijklmnop1234')
})

test('keeps its connections', async () => {
  const { cluster, server } = await connected(inTurn(nothing))
  for (let index = 0; index < 30; index++) await cluster.list('pods', {})
  await Promise.all(Array.from({ length: 50 }, () => cluster.list('pods', {})))
  expect(server.connections).toBeLessThanOrEqual(6)
})

const plugin = (script: string) => ({
  exec: { apiVersion: 'client.authentication.k8s.io/v1', command: process.execPath, args: ['-e', script] },
})
const credential = { kind: 'ExecCredential', status: { token: 'from-a-plugin' } }

test.each([
  ['a token', { token: 'a-token' }, 'Bearer a-token'],
  ['a password', { username: 'maya', password: 'secret' }, 'Basic bWF5YTpzZWNyZXQ='],
  ['a plugin', plugin(`console.log(${JSON.stringify(JSON.stringify(credential))})`), 'Bearer from-a-plugin'],
])('logs in with %s', async (_, user, expected) => {
  const seen: (string | undefined)[] = []
  const { cluster } = await connected((request, response) => {
    seen.push(request.headers.authorization)
    nothing(response)
  }, user)
  await Promise.all([cluster.list('pods', {}), cluster.list('services', {})])
  expect(seen).toEqual([expected, expected])
})

test('a token in a file is read again, as it is rotated', async () => {
  using token = temporaryFile('one\n')
  const seen: (string | undefined)[] = []
  const { cluster } = await connected(
    (request, response) => {
      seen.push(request.headers.authorization)
      nothing(response)
    },
    { tokenFile: token.path },
  )
  await cluster.list('pods', {})
  writeFileSync(token.path, 'two\n')
  await cluster.list('pods', {})
  expect(seen).toEqual(['Bearer one', 'Bearer two'])
})

test('a certificate that is missing is a matter of credentials', async () => {
  const { cluster } = await connected(inTurn(nothing), { 'client-certificate': '/nowhere/maya.crt' })
  await expect(cluster.list('pods', {})).rejects.toMatchObject({ code: 'unauthorized' })
})

test('a plugin that waits for a person ends with our time limit', async () => {
  const { cluster } = await connected(inTurn(nothing), plugin('setTimeout(() => {}, 1_500)'))
  await expect(cluster.list('pods', {}, AbortSignal.timeout(50))).rejects.toMatchObject({ code: 'timeout' })
})

test('a plugin that fails is a matter of credentials', async () => {
  const user = plugin('console.error("session expired: log in again"); process.exit(1)')
  const { cluster } = await connected(inTurn(nothing), user)
  const error: unknown = await cluster.list('pods', {}).catch((thrown) => thrown)
  expect(error).toMatchObject({ code: 'unauthorized', message: expect.not.stringContaining('session expired') })
  expect(explainError(error).message).toContain('session expired: log in again') // for who runs a command
})

test('a watch over HTTP gives each change as it comes, however its bytes are cut', async () => {
  const pod = (name: string) => ({
    metadata: { name, namespace: 'shop', uid: name, resourceVersion: '8' },
    spec: {},
    status: {},
  })
  const event = (type: string, object: unknown) => `${JSON.stringify({ type, object })}\n`
  const ended: unknown[] = []
  const { cluster } = await connected((request, response) => {
    if (!request.url?.includes('watch=true'))
      return answer(200, { metadata: { resourceVersion: '7' }, items: [] })(response)
    const bytes = Buffer.from(event('ADDED', pod('ä')) + event('BOOKMARK', pod('b')) + event('DELETED', pod('ä')))
    for (const byte of bytes) response.write(Buffer.of(byte))
    request.on('close', () => ended.push(request.url))
  })
  const stop = new AbortController()
  const seen: string[] = []
  await expect(async () => {
    for await (const event of cluster.watch('pods', {}, stop.signal)) {
      seen.push(event.type === 'began' ? 'began' : `${event.type} ${event.object.metadata.name}`)
      if (seen.length === 3) stop.abort()
    }
  }).rejects.toThrow()
  expect(seen).toEqual(['began', 'changed ä', 'gone ä'])
  await expect.poll(() => ended).toEqual([expect.stringContaining('resourceVersion=7')])
})

test('a watch that RBAC denies throws what a list does', async () => {
  const { cluster } = await connected((request, response) =>
    request.url?.includes('watch=true')
      ? failed(403, 'pods is forbidden')(response)
      : answer(200, { metadata: { resourceVersion: '7' }, items: [] })(response),
  )
  const all = async () => {
    for await (const event of cluster.watch('pods', {})) expect(event).toEqual({ type: 'began' })
  }
  await expect(all()).rejects.toMatchObject({ code: 'forbidden' })
})
