/** Why a registry could not be asked from here. None of these says anything about what the registry holds. */
type RegistryErrorCode =
  | 'not-allowed'
  | 'name-not-resolved'
  | 'connection-refused'
  | 'connection-lost'
  | 'unreachable'
  | 'timeout'
  | 'tls-untrusted'
  | 'tls-failed'
  | 'too-large'
  | 'too-many-redirects'
  | 'invalid-answer'
  | 'aborted'
  /** The host told us to wait (Retry-After). */
  | 'throttled'
  /** The configured login of imagepull itself could not be had. */
  | 'login-unavailable'

export class RegistryError extends Error {
  override readonly name = 'RegistryError'
  readonly code: RegistryErrorCode
  /** Redacted: "GET https://registry.example/v2/app/tags/list". */
  readonly request: string

  constructor(code: RegistryErrorCode, request: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.request = request
  }
}

/** Node's and OpenSSL's codes, by what they mean for a registry. */
const codes: readonly (readonly [pattern: RegExp, code: RegistryErrorCode, words: string])[] = [
  [
    /^(?:ENOTFOUND|EAI_AGAIN|EAI_FAIL|EAI_NODATA|EAI_NONAME)$/,
    'name-not-resolved',
    'its name does not resolve from here',
  ],
  [/^ECONNREFUSED$/, 'connection-refused', 'it refuses connections'],
  [
    /^(?:ECONNRESET|EPIPE|UND_ERR_SOCKET|UND_ERR_CLOSED|UND_ERR_DESTROYED)$/,
    'connection-lost',
    'it ends the connection',
  ],
  [/^(?:EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|ENETDOWN|EACCES|EPERM)$/, 'unreachable', 'there is no way to it'],
  [/TIMEOUT|^ETIMEDOUT$/, 'timeout', 'it does not answer'],
  [
    /^(?:CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_CERT_|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH)/,
    'tls-untrusted',
    'its certificate is not trusted here',
  ],
  [/^(?:ERR_SSL_|ERR_TLS_|EPROTO)/, 'tls-failed', 'no TLS connection is possible'],
]

// What OpenSSL says when the first bytes of the answer are no TLS record but "HTTP/1.1 400 …".
const httpInsteadOfTls =
  /^(?:ERR_SSL_WRONG_VERSION_NUMBER|ERR_SSL_PACKET_LENGTH_TOO_LONG|ERR_SSL_HTTP_REQUEST|ERR_SSL_UNKNOWN_PROTOCOL)$/

/** The server answered TLS with something else: most likely HTTP. */
export function spokeHttp(error: unknown): boolean {
  return httpInsteadOfTls.test(codeOf(error))
}

/** `host` is for people, `request` for logs. Several requests that fail alike give the same sentence. */
export function transportFailure(
  error: unknown,
  host: string,
  request: string,
  signal: AbortSignal | undefined,
): RegistryError {
  if (signal?.aborted) return new RegistryError('aborted', request, `no answer of ${host} in time`, { cause: error })
  const code = codeOf(error)
  const [, known, words] = codes.find(([pattern]) => pattern.test(code)) ?? [
    undefined,
    'invalid-answer' as const,
    'its answer is not HTTP',
  ]
  const message = `${host} could not be asked from here: ${words}${code && ` (${code})`}`
  return new RegistryError(known, request, message, { cause: error })
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  if ('code' in error && typeof error.code === 'string') return error.code
  return error.cause === undefined ? '' : codeOf(error.cause)
}
