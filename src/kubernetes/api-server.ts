import type { KubeConfig } from '@kubernetes/client-node/dist/config.js'
import { Agent, type Dispatcher, request } from 'undici'
import { ClusterError } from './cluster-error.ts'
import { errorOfStatus, unreachable } from './explain-failure.ts'

export interface Answer {
  readonly status: number
  readonly body: string
}

/** One way to the API server, with the kubeconfig's credentials on every request. */
export interface ApiServer {
  /** `asked` names it for people: "list pods in shop". Answers 200 and 404; throws ClusterError for anything else. */
  get(path: string, asked: string, signal: AbortSignal | undefined): Promise<Answer>
  readonly requests: number
}

/** Bytes. A page of 500 large objects stays below; more is no answer to anything that is asked here. */
const bodyLimit = 64 * 1024 * 1024
/** Milliseconds before a busy server (429, 503) is asked once more. */
const pauses = { shortest: 200, longest: 3_000 } as const
const busy: ReadonlySet<number> = new Set([429, 503])

export function apiServer(config: KubeConfig): ApiServer {
  const server = config.getCurrentCluster()?.server.replace(/\/+$/, '') ?? ''
  const dispatcher = connect(config)
  let requests = 0

  async function ask(
    path: string,
    asked: string,
    signal: AbortSignal | undefined,
  ): Promise<Answer & { readonly wait: number }> {
    requests += 1
    try {
      const headers = { accept: 'application/json', ...(await credentials(config)) }
      const answer = await request(server + path, { headers, dispatcher: await dispatcher, signal: signal ?? null })
      const wait = Number(answer.headers['retry-after'] ?? 0) * 1_000
      return { status: answer.statusCode, body: await read(answer.body, asked), wait }
    } catch (error) {
      throw error instanceof ClusterError ? error : unreachable(error, asked, server, signal)
    }
  }

  async function get(path: string, asked: string, signal: AbortSignal | undefined): Promise<Answer> {
    const first = await ask(path, asked, signal)
    const answer = busy.has(first.status) ? await pause(first.wait, signal).then(() => ask(path, asked, signal)) : first
    if (answer.status === 200 || answer.status === 404) return answer
    throw errorOfStatus(answer, asked)
  }

  return {
    get,
    get requests() {
      return requests
    },
  }
}

/**
 * Over HTTP/2, which every API server speaks, all requests share one TLS connection. The client library would open one
 * for each request, so only its kubeconfig, certificates and credentials are used.
 */
async function connect(config: KubeConfig): Promise<Dispatcher> {
  const options: Parameters<KubeConfig['applyToHTTPSOptions']>[0] = {}
  await config.applyToHTTPSOptions(options)
  const { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername } = options
  const given = Object.entries({ ca, cert, key, pfx, passphrase, rejectUnauthorized, servername }).filter(
    ([, value]) => value !== undefined,
  )
  return new Agent({ allowH2: true, connections: 1, pipelining: 64, connect: Object.fromEntries(given) })
}

/** Afresh each time: a token that a plugin or a file gives may have been renewed. */
async function credentials(config: KubeConfig): Promise<Record<string, string>> {
  const headers: Record<string, string> = {}
  const context = {
    setHeaderParam(key: string, value: string): void {
      headers[key] = value
    },
    setDispatcher: () => undefined,
  }
  await config.applySecurityAuthentication(
    context as unknown as Parameters<KubeConfig['applySecurityAuthentication']>[0],
  ) // it calls no more than these two
  return headers
}

async function read(body: Dispatcher.ResponseData['body'], asked: string): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > bodyLimit)
      throw new ClusterError('invalid-answer', asked, `cannot ${asked}: the answer is larger than ${bodyLimit} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

async function pause(wanted: number, signal: AbortSignal | undefined): Promise<void> {
  const ms = Math.min(Math.max(wanted, pauses.shortest), pauses.longest)
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  signal?.addEventListener('abort', () => resolve(), { once: true })
  await promise
  clearTimeout(timer)
}
