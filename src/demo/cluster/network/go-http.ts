import { request as httpRequest } from 'node:http'
import { request as httpsRequest, type RequestOptions } from 'node:https'
import { isIP } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { checkServerIdentity, createSecureContext, type SecureContext } from 'node:tls'
import type { Clock } from '../../clock.ts'
import { GoHttpError } from './go-http-error.ts'
import { goWords } from './go-words.ts'
import type { Caller, Network, Way } from './network.ts'

export interface GoRequest {
  readonly method: string
  readonly url: URL
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer
  readonly signal?: AbortSignal | undefined
}

export interface GoAnswer {
  readonly status: number
  /** In lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** Throws GoHttpError where no answer came. */
export type GoHttp = (request: GoRequest) => Promise<GoAnswer>

export interface GoHttpOptions {
  readonly network: Network
  readonly from: Caller
  readonly clock: Clock
  /** Certificates that are trusted, in PEM. */
  readonly ca: string
  /** Milliseconds until a connection is given up that nobody answers: 30 s in Go's default transport. */
  readonly dialTimeout: number
}

/** HTTP as the kubelet's runtime and Kaniko speak it, on loopback, and failing in their words. */
export function goHttp({ network, from, clock, ca, dialTimeout }: GoHttpOptions): GoHttp {
  const trusting = createSecureContext(ca ? { ca } : {})
  return async (request) => {
    const { url, signal } = request
    const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
    const way = network.way(from, url.hostname, port)
    if (way.to === 'no-name')
      throw new GoHttpError('no-name', `dial tcp: lookup ${url.hostname} on ${resolver}: no such host`)
    const target = `${way.address}:${port}`
    if (way.to === 'refusal') throw new GoHttpError('refused', `dial tcp ${target}: connect: connection refused`)
    if (way.to === 'nowhere') {
      await clock.sleep(dialTimeout, signal)
      throw new GoHttpError('timeout', `dial tcp ${target}: i/o timeout`)
    }
    return send(request, way, trusting).catch((error) => {
      signal?.throwIfAborted()
      throw goWords(error, url.hostname, target)
    })
  }
}

/** The nodes' own resolver. */
const resolver = '10.0.0.2:53'

function send(request: GoRequest, way: Extract<Way, { to: 'port' }>, secureContext: SecureContext): Promise<GoAnswer> {
  const { url, method, headers, body, signal } = request
  const ask = url.protocol === 'https:' ? httpsRequest : httpRequest
  // Node hands it on to the socket, as `ca` and the like; its types do not say so.
  const options: RequestOptions & { readonly secureContext: SecureContext } = {
    host: '127.0.0.1',
    port: way.port,
    method,
    path: `${url.pathname}${url.search}`,
    headers: { ...headers, host: url.host, ...(body && { 'content-length': String(body.length) }) },
    agent: false,
    secureContext,
    ...(!isIP(url.hostname) && { servername: url.hostname }),
    checkServerIdentity: (_name, certificate) => checkServerIdentity(url.hostname, certificate),
    ...(signal && { signal }),
  }
  return new Promise((resolve, reject) => {
    const outgoing = ask(options)
    outgoing.once('error', reject)
    outgoing.once('response', async (answer) => {
      const flat = Object.entries(answer.headers).map(([name, value]) => [name, String(value)])
      const read = { status: answer.statusCode ?? 0, headers: Object.fromEntries(flat) }
      await buffer(answer).then((content) => resolve({ ...read, body: content }), reject)
    })
    outgoing.end(body)
  })
}
