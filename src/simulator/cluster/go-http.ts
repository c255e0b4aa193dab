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

/** Sends a request. Throws GoHttpError if there is no answer. */
export type GoHttp = (request: GoRequest) => Promise<GoAnswer>

export interface GoHttpOptions {
  readonly network: Network
  readonly from: Caller
  readonly clock: Clock
  /** Trusted certificates, in PEM. */
  readonly ca: string
  /** Milliseconds until an unanswered connection times out: 30 s in Go's default transport. */
  readonly dialTimeout: number
}

/** Makes an HTTP client on loopback that fails with the messages of Go programs such as containerd and Kaniko. */
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
  // Node passes it on to the socket, like `ca`; its types do not declare it.
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

/** A failed request. The message is Go's, without the `Get "URL": ` in front. */
export class GoHttpError extends Error {
  override readonly name = 'GoHttpError'
  readonly code: GoHttpErrorCode

  constructor(code: GoHttpErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** The node's own address, with an arbitrary port. */
const ownAddress = '10.0.0.10:49152'
const verification = 'tls: failed to verify certificate: x509: '

interface Rule {
  /** Matches Node's error code and message, which may contain OpenSSL's. */
  readonly pattern: RegExp
  readonly is: GoHttpError['code']
  say(error: Error, host: string, target: string): string
}

/** Node's errors and the corresponding messages of Go, as recorded from kubelets with containerd 2.1. */
const rules: readonly Rule[] = [
  {
    pattern: /^ECONNREFUSED/,
    is: 'refused',
    say: (_error, _host, target) => `dial tcp ${target}: connect: connection refused`,
  },
  { pattern: /alert.handshake.failure/i, is: 'tls', say: () => 'remote error: tls: handshake failure' },
  { pattern: /alert.protocol.version/i, is: 'tls', say: () => 'remote error: tls: protocol version not supported' },
  { pattern: /certificate.required/i, is: 'tls', say: () => 'remote error: tls: certificate required' },
  {
    pattern: /wrong.version.number|packet.length.too.long|http.request/i,
    is: 'tls',
    say: () => 'http: server gave HTTP response to HTTPS client',
  },
  {
    pattern: /^(?:UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_)/,
    is: 'tls',
    say: () => `${verification}certificate signed by unknown authority`,
  },
  { pattern: /^CERT_HAS_EXPIRED/, is: 'tls', say: () => `${verification}certificate has expired or is not yet valid` },
  {
    pattern: /^ERR_TLS_CERT_ALTNAME_INVALID/,
    is: 'tls',
    say: (error, host) => `${verification}certificate is valid for ${namesIn(error)}, not ${host}`,
  },
  { pattern: /socket hang up|disconnected before secure TLS/, is: 'lost', say: () => 'EOF' },
  {
    pattern: /^ECONNRESET/,
    is: 'lost',
    say: (_error, _host, target) => `read tcp ${ownAddress}->${target}: read: connection reset by peer`,
  },
]

/** Turns an error of Node's HTTP client into the message of a Go program. */
function goWords(error: unknown, host: string, target: string): GoHttpError {
  const failure = error instanceof Error ? error : new Error(String(error))
  const code = 'code' in failure ? String(failure.code) : ''
  const rule = rules.find((it) => it.pattern.test(`${code} ${failure.message}`))
  if (!rule) return new GoHttpError('lost', 'EOF', { cause: error })
  return new GoHttpError(rule.is, rule.say(failure, host, target), { cause: error })
}

/** Reads the names in "Host: a. is not in the cert's altnames: DNS:b, DNS:c". */
function namesIn({ message }: Error): string {
  const names = /.*altnames: (.*)$/.exec(message)?.[1] ?? ''
  return names.replace(/(?:DNS|IP Address):/g, '')
}
