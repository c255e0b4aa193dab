import { request as httpRequest } from 'node:http'
import { request as httpsRequest, type RequestOptions } from 'node:https'
import { isIP } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { checkServerIdentity, createSecureContext, type SecureContext } from 'node:tls'
import type { Clock } from '../clock.ts'
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

/** Where a request of a Go program failed. */
export type GoHttpErrorCode = 'no-name' | 'timeout' | 'refused' | 'tls' | 'lost'

/** In the words of Go's net/http, without the `Get "URL": ` in front. */
export class GoHttpError extends Error {
  override readonly name = 'GoHttpError'
  readonly code: GoHttpErrorCode

  constructor(code: GoHttpErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** Of the node: the port is any. */
const ownAddress = '10.0.0.10:49152'
const verification = 'tls: failed to verify certificate: x509: '

interface Rule {
  /** Of Node's code and message, which may hold OpenSSL's. */
  readonly heard: RegExp
  readonly is: GoHttpError['code']
  say(error: Error, host: string, target: string): string
}

/** What Node calls it, and what Go says: the texts that real kubelets were heard to say of containerd 2.1. */
const rules: readonly Rule[] = [
  {
    heard: /^ECONNREFUSED/,
    is: 'refused',
    say: (_error, _host, target) => `dial tcp ${target}: connect: connection refused`,
  },
  { heard: /alert.handshake.failure/i, is: 'tls', say: () => 'remote error: tls: handshake failure' },
  { heard: /alert.protocol.version/i, is: 'tls', say: () => 'remote error: tls: protocol version not supported' },
  { heard: /certificate.required/i, is: 'tls', say: () => 'remote error: tls: certificate required' },
  {
    heard: /wrong.version.number|packet.length.too.long|http.request/i,
    is: 'tls',
    say: () => 'http: server gave HTTP response to HTTPS client',
  },
  {
    heard: /^(?:UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_)/,
    is: 'tls',
    say: () => `${verification}certificate signed by unknown authority`,
  },
  { heard: /^CERT_HAS_EXPIRED/, is: 'tls', say: () => `${verification}certificate has expired or is not yet valid` },
  {
    heard: /^ERR_TLS_CERT_ALTNAME_INVALID/,
    is: 'tls',
    say: (error, host) => `${verification}certificate is valid for ${namesIn(error)}, not ${host}`,
  },
  { heard: /socket hang up|disconnected before secure TLS/, is: 'lost', say: () => 'EOF' },
  {
    heard: /^ECONNRESET/,
    is: 'lost',
    say: (_error, _host, target) => `read tcp ${ownAddress}->${target}: read: connection reset by peer`,
  },
]

/** A failure of Node's HTTP, as a Go program would tell it. */
function goWords(error: unknown, host: string, target: string): GoHttpError {
  const failure = error instanceof Error ? error : new Error(String(error))
  const code = 'code' in failure ? String(failure.code) : ''
  const rule = rules.find((it) => it.heard.test(`${code} ${failure.message}`))
  if (!rule) return new GoHttpError('lost', 'EOF', { cause: error })
  return new GoHttpError(rule.is, rule.say(failure, host, target), { cause: error })
}

/** Of "Host: a. is not in the cert's altnames: DNS:b, DNS:c". */
function namesIn({ message }: Error): string {
  const names = /.*altnames: (.*)$/.exec(message)?.[1] ?? ''
  return names.replace(/(?:DNS|IP Address):/g, '')
}
