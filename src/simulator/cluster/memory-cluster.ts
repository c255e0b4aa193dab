import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { stringify } from 'yaml'
import type { Cluster } from '../../kubernetes/cluster.ts'
import { createClusterClient } from '../../kubernetes/cluster-client.ts'
import { ClusterError, toAnswerError } from '../../kubernetes/errors.ts'
import type { Answer, Question, Transport } from '../../kubernetes/transport/transport.ts'
import type { HandleApi } from './api/answers.ts'
import { apiServerInMemory } from './api/server.ts'
import type { ApiServerOptions } from './api/store.ts'

export interface MemoryCluster extends Cluster {
  /** The requests, in order: "list pods in shop". */
  readonly asked: readonly string[]
}

/**
 * Makes a cluster from manifests: YAML with several documents, or objects. It is the real client over an API server in memory,
 * so that only what a real server supports works. It can refuse requests (`forbid`), not answer (`hang`), and has logs.
 */
export function memoryCluster(
  manifests: string | readonly unknown[],
  options: ApiServerOptions & { readonly name?: string; readonly namespace?: string } = {},
): MemoryCluster {
  return clusterOver(apiServerInMemory(manifests, options).handle, options)
}

/** The same over an API server in memory that a test keeps at hand. */
export function clusterOver(
  handle: HandleApi,
  options: { readonly name?: string; readonly namespace?: string } = {},
): MemoryCluster {
  const memory = memoryClusterTransport(handle)
  const asked: string[] = []
  const transport: Transport = {
    address: memory.address,
    send(question, signal) {
      asked.push(question.asked)
      return memory.send(question, signal)
    },
    lines(question, signal) {
      asked.push(question.asked)
      return memory.lines(question, signal)
    },
    frames: memory.frames,
  }
  const cluster = createClusterClient(transport, {
    name: options.name ?? 'test',
    namespace: options.namespace ?? 'default',
  })
  return {
    ...cluster,
    asked,
    get requests() {
      return asked.length
    },
  }
}

interface TemporaryFile extends Disposable {
  readonly path: string
}

/** A temporary file, removed at the end of its `using`. */
export function temporaryFile(content: string): TemporaryFile {
  const folder = mkdtempSync(join(tmpdir(), 'imagepull-'))
  const path = join(folder, 'config')
  writeFileSync(path, content)
  return { path, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) }
}

/** A kubeconfig file with one context, `test`, that is removed at the end of its `using`. */
export function kubeconfigFile(
  server: string,
  user: object = { token: 'a-token' },
  cluster: object = {},
): TemporaryFile {
  return temporaryFile(
    stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'test',
      contexts: [{ name: 'test', context: { cluster: 'test', user: 'test', namespace: 'shop' } }],
      clusters: [{ name: 'test', cluster: { server, 'insecure-skip-tls-verify': true, ...cluster } }],
      users: [{ name: 'test', user }],
    }),
  )
}

/** Serves an API server in memory over HTTP. */
export function memoryClusterListener(handle: HandleApi): RequestListener {
  return async (request, response) => {
    const gone = new AbortController()
    response.on('close', () => gone.abort())
    const { method = 'GET', url: path = '/' } = request
    const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)])
    const question = { method, path, headers: Object.fromEntries(headers), body: await text(request) }
    const answer = await handle({ ...question, signal: gone.signal }).catch(() => undefined)
    response.writeHead(answer?.status ?? 499, answer?.headers)
    if (answer?.lines) response.flushHeaders()
    for await (const line of answer?.lines ?? []) response.write(`${line}\n`)
    response.end(answer?.body)
  }
}

export interface LoopbackServer extends AsyncDisposable {
  readonly address: string
  /** Connections opened so far. */
  readonly connections: number
}

/** An HTTP server on loopback that lives as long as its `await using`. */
export async function loopbackServer(listener: RequestListener): Promise<LoopbackServer> {
  let connections = 0
  const server = createServer(listener).on('connection', () => {
    connections += 1
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // it listens on TCP
  return {
    address: `http://127.0.0.1:${port}`,
    get connections() {
      return connections
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A transport to an API server in memory, with the same paths and JSON as over the network. */
function memoryClusterTransport(handle: HandleApi): Transport {
  async function send({ method = 'GET', path, body, accept = '*/*' }: Question, signal?: AbortSignal): Promise<Answer> {
    const headers = { accept, ...(body && { 'content-type': body.type }) }
    return handle({ method, path, headers, body: body?.content ?? '', signal })
  }

  async function* lines({ path, asked }: Question, signal?: AbortSignal): AsyncGenerator<string> {
    const answer = await handle({ method: 'GET', path, headers: { accept: '*/*' }, body: '', signal })
    if (answer.status !== 200) throw toAnswerError(answer, asked)
    yield* answer.lines ?? []
  }

  /** Throws, because nothing runs in this cluster. */
  async function* frames(_path: string, _protocols: readonly string[], asked: string): AsyncGenerator<never> {
    yield* []
    throw new ClusterError('not-served', asked, `the API server in memory runs no programs (${asked})`)
  }

  return { address: 'https://memory.test:6443', send, lines, frames }
}
