import { redact } from '../secret.ts'
import { ClusterError, type ClusterErrorCode } from './cluster-error.ts'
import { statusBody } from './status-body.ts'
import type { Answer } from './transport.ts'

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
  'not-served': 'the API server does not know this',
  conflict: 'it is no longer what it was',
  'already-exists': 'it is there already',
  invalid: 'the API server takes no such object',
  overloaded: 'the API server is overloaded',
  timeout: 'the API server did not finish in time',
  'server-error': 'the API server failed',
}

/** Characters of a body that is not the API server's. */
const quoted = 200

/** An answer that is none, as an error: what was asked, the status, and the server's own sentence. */
export function errorOfAnswer({ status, body }: Answer, asked: string): ClusterError {
  const said = statusBody(body)
  const known = said?.reason === 'AlreadyExists' ? 'already-exists' : codes[status]
  const code = known ?? (status >= 500 ? 'server-error' : 'invalid-answer')
  const opening = openings[code] ?? 'the API server refuses the question'
  const reason = redact(said?.message || body.slice(0, quoted))
  return new ClusterError(code, asked, `${opening} (${asked}): ${status} ${reason}`.trimEnd())
}
