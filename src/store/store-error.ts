/**
 * Why the store did not do what was asked. `unavailable`, `timeout`: it may or may not have done it. `invalid`: what was
 * asked for cannot be. `unreadable`: what is stored is not understood. `newer-version`: a later version of this program wrote
 * it. `conflict`:
 * others were first, again and again. `in-use`: another process has the data directory.
 */
export type StoreErrorCode =
  | 'unavailable'
  | 'timeout'
  | 'invalid'
  | 'unreadable'
  | 'newer-version'
  | 'conflict'
  | 'in-use'

export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly code: StoreErrorCode

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
