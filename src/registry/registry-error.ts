/** Why a registry could not be asked from here. None of these says anything about what the registry holds. */
export type RegistryErrorCode =
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
