import { isJsonObject, type JsonObject } from './json.ts'

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

export function jsonAnswer(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): ApiAnswer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) }
}

/** What an API server gets, whether over HTTP or in memory. */
export interface ApiRequest {
  readonly method: string
  /** With its query. */
  readonly path: string
  /** In lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly signal?: AbortSignal | undefined
}

export interface ApiAnswer {
  readonly status: number
  /** In lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** One request, one answer. Throws only when the signal is aborted. */
export type HandleApi = (request: ApiRequest) => Promise<ApiAnswer>

export type ApiBody = { readonly given: JsonObject } | { readonly refused: ApiAnswer }

/** A body that is to be a JSON object; an empty one is an empty object. */
export function apiBody({ body }: ApiRequest): ApiBody {
  const given = body === '' ? {} : parsed(body)
  if (isJsonObject(given)) return { given }
  return { refused: statusAnswer(400, 'the object provided is unrecognized (must be JSON)') }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
