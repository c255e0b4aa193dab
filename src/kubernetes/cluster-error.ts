/**
 * Why the API server gave no answer. `not-served`: it does not know this kind of resource. `invalid-answer`: what it sent
 * is not what was asked for. Of what changes something: `conflict`, it is not what it was; `already-exists`; `invalid`, it
 * takes no such object.
 */
export type ClusterErrorCode =
  | 'forbidden'
  | 'unauthorized'
  | 'unreachable'
  | 'timeout'
  | 'not-served'
  | 'overloaded'
  | 'server-error'
  | 'invalid-answer'
  | 'aborted'
  | 'conflict'
  | 'already-exists'
  | 'invalid'

/** The API server could not be asked, or did not answer. `request` names what was asked: "list pods in shop". */
export class ClusterError extends Error {
  override readonly name = 'ClusterError'
  readonly code: ClusterErrorCode
  readonly request: string

  constructor(code: ClusterErrorCode, request: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.request = request
  }
}
