/**
 * `unavailable`: the job may or may not have been taken. `interrupted`: its worker was killed again and again.
 * `invalid`: not a job that can be taken.
 */
export type QueueErrorCode = 'unavailable' | 'interrupted' | 'invalid'

export class QueueError extends Error {
  override readonly name = 'QueueError'
  readonly code: QueueErrorCode

  constructor(code: QueueErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
