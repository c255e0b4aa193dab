import { GoHttpError } from './go-http-error.ts'

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
export function goWords(error: unknown, host: string, target: string): GoHttpError {
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
