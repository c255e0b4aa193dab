import type { ApiAnswer } from './api-request.ts'
import { jsonAnswer } from './json-answer.ts'

/** metav1.StatusReason, by the HTTP status that goes with it. */
const reasons: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  409: 'Conflict',
  415: 'UnsupportedMediaType',
  422: 'Invalid',
  500: 'InternalError',
  503: 'ServiceUnavailable',
}

export interface StatusDetails {
  readonly name?: string
  readonly group?: string
  readonly kind?: string
  readonly uid?: string
  readonly causes?: readonly { readonly reason: string; readonly message: string; readonly field: string }[]
}

/** A refusal, as the API server's `Status`. */
export function statusAnswer(code: number, message: string, details: StatusDetails = {}, reason?: string): ApiAnswer {
  return jsonAnswer(code, {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason: reason ?? reasons[code] ?? '',
    details,
    code,
  })
}
