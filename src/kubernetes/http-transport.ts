import { isDeepStrictEqual } from 'node:util'
import type { KubeConfig } from '@kubernetes/client-node/dist/config.js'
import { Agent, type Dispatcher, ProxyAgent, request } from 'undici'
import { z } from 'zod'
import { redact } from '../secret.ts'
import { ClusterError } from './cluster-error.ts'
import type { Answer, Question, Transport } from './transport.ts'

// What the client library makes of a kubeconfig's user and cluster, of Node's `https.RequestOptions`.
const loginSchema = z.object({
  headers: z.record(z.string(), z.string()).default({}),
  /** `user:password` */
  auth: z.string().optional(),
})
const pem = z.union([z.string(), z.instanceof(Buffer)]).optional()
const tlsSchema = z.object({
  ca: pem,
  cert: pem,
  key: pem,
  pfx: pem,
  passphrase: z.string().optional(),
  rejectUnauthorized: z.boolean().optional(),
  servername: z.string().optional(),
})
type Tls = z.infer<typeof tlsSchema>

interface Login {
  readonly headers: Readonly<Record<string, string>>
  readonly tls: Tls
}

/**
 * Over HTTP/2, which every API server speaks, all requests share one TLS connection; a proxy that speaks only HTTP/1.1
 * gets a few. The client library's own requests would each open one, so only its kubeconfig and its credentials are used.
 */
export function httpTransport(config: KubeConfig): Transport {
  const cluster = config.getCurrentCluster()
  const address = cluster?.server.replace(/\/+$/, '') ?? ''
  let current: { readonly tls: Tls; readonly dispatcher: Dispatcher } | undefined
  let pending: Promise<Login> | undefined

  /** One dispatcher for life, unless a plugin renews the client certificate. */
  function dispatcherFor(tls: Tls): Dispatcher {
    if (!current || !isDeepStrictEqual(current.tls, tls)) {
      void current?.dispatcher.close()
      current = { tls, dispatcher: connect(tls, cluster?.proxyUrl) }
    }
    return current.dispatcher
  }

  async function send({ path, asked, limitBytes }: Question, signal?: AbortSignal): Promise<Answer> {
    pending ??= logIn(config, asked).finally(() => {
      pending = undefined // a token that a plugin or a file gives may have been renewed by the next time
    })
    const { headers, tls } = await pending
    const dispatcher = dispatcherFor(tls)
    const answer = await request(address + path, {
      headers: { ...headers, accept: 'application/json, */*' },
      dispatcher,
      signal: signal ?? null,
    })
    const retryAfter = Number(answer.headers['retry-after'] ?? Number.NaN)
    const body = await read(answer.body, limitBytes, asked)
    return { status: answer.statusCode, body, ...(retryAfter >= 0 && { retryAfter }) }
  }

  return { address, send }
}

const limits = { connections: 6, connect: 10_000, silence: 60_000 } as const

function connect(tls: Tls, proxyUrl: string | undefined): Dispatcher {
  const options = {
    allowH2: true,
    connections: limits.connections,
    headersTimeout: limits.silence,
    bodyTimeout: limits.silence,
  }
  if (!proxyUrl) return new Agent({ ...options, connect: { ...tls, timeout: limits.connect } })
  return new ProxyAgent({ ...options, uri: proxyUrl, requestTls: tls })
}

async function logIn(config: KubeConfig, asked: string): Promise<Login> {
  const options: Parameters<KubeConfig['applyToHTTPSOptions']>[0] = {}
  try {
    await config.applyToHTTPSOptions(options)
  } catch (error) {
    const words = redact(error instanceof Error ? error.message.trim() : String(error))
    throw new ClusterError('unauthorized', asked, `the kubeconfig's credentials cannot be had (${asked}): ${words}`, {
      cause: error,
    })
  }
  const { headers, auth } = loginSchema.parse(options)
  const basic = auth && { Authorization: `Basic ${Buffer.from(auth).toString('base64')}` }
  return { headers: { ...basic, ...headers }, tls: tlsSchema.parse(options) }
}

async function read(body: Dispatcher.ResponseData['body'], limit: number, asked: string): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > limit)
      throw new ClusterError('invalid-answer', asked, `the answer is larger than ${limit} bytes (${asked})`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
