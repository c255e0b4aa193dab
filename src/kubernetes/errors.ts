import { z } from 'zod'
import { redact } from '../secret.ts'
import type { Answer } from './transport/transport.ts'

/**
 * Why a request to the API server failed. `not-served`: the API server does not know this kind of resource.
 * `invalid-answer`: the answer has another form than the one asked for. Only writes have `conflict` (the object was
 * modified), `already-exists` and `invalid` (the API server rejected the object).
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

const schema = z.object({
  kind: z.literal('Status'),
  message: z.string().default(''),
  reason: z.string().default(''),
  details: z.object({ name: z.string().default('') }).prefault({}),
})

/** The API server's own `Status` object. undefined: the body is something else, perhaps a proxy's page. */
export function statusBody(body: string): z.infer<typeof schema> | undefined {
  try {
    return schema.safeParse(JSON.parse(body)).data
  } catch {
    return undefined
  }
}

const codes: Readonly<Record<number, ClusterErrorCode>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not-served',
  409: 'conflict',
  422: 'invalid',
  429: 'overloaded',
  503: 'overloaded',
  504: 'timeout',
}

const openings: Partial<Record<ClusterErrorCode, string>> = {
  unauthorized: 'the API server does not accept the credentials',
  forbidden: 'not allowed',
  'not-served': 'the API server does not serve this resource',
  conflict: 'the object was modified',
  'already-exists': 'the object exists already',
  invalid: 'the API server rejected the object',
  overloaded: 'the API server is overloaded',
  timeout: 'the API server did not finish in time',
  'server-error': 'the API server failed',
}

/** Characters of a body that is not the API server's. */
const quoted = 200

/** Turns an error status into a ClusterError: what was asked, the status, and the server's own message. */
export function toAnswerError({ status, body }: Answer, asked: string): ClusterError {
  const said = statusBody(body)
  const known = said?.reason === 'AlreadyExists' ? 'already-exists' : codes[status]
  const code = known ?? (status >= 500 ? 'server-error' : 'invalid-answer')
  const opening = openings[code] ?? 'the API server refuses the question'
  const reason = redact(said?.message || body.slice(0, quoted))
  return new ClusterError(code, asked, `${opening} (${asked}): ${status} ${reason}`.trimEnd())
}

/** Turns a request without an answer into a ClusterError: a timeout, an abort by the caller, or a network failure. */
export function toFailureError(thrown: unknown, asked: string, address: string, signal?: AbortSignal): ClusterError {
  if (thrown instanceof ClusterError) return thrown
  const options = { cause: thrown }
  if (signal?.aborted && !isTimeLimit(signal.reason))
    return new ClusterError('aborted', asked, `stopped before the answer came (${asked})`, options)
  if (signal?.aborted || /TIMEOUT|TIMEDOUT/.test(codeOf(thrown)))
    return new ClusterError('timeout', asked, `the API server ${address} gave no answer in time (${asked})`, options)
  const words = redact(wordsOf(thrown))
  return new ClusterError(
    'unreachable',
    asked,
    `the API server ${address} cannot be reached (${asked}): ${words}`,
    options,
  )
}

function isTimeLimit(reason: unknown): boolean {
  return reason instanceof Error && reason.name === 'TimeoutError' // what AbortSignal.timeout() gives
}

function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
}

/** Node's AggregateError, for a host with several addresses, has a code and no message. */
function wordsOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message || codeOf(thrown) || thrown.name : String(thrown)
}
