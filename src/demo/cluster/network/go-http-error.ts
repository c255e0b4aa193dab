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
