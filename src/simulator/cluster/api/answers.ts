import type { ResourceName } from '../../../kubernetes/resources.ts'
import { type ApiAddress, groupOf, groupResource, selectorPairs } from './address.ts'
import { isJsonObject, type JsonObject, type StoredObject } from './store.ts'
import type { InvalidField } from './writes/admission.ts'

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

/** Makes a refusal: the API server's `Status`. */
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

/** A request to the API server, over HTTP or in memory. */
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
  /** Of a watch: what follows the body, line by line, until the caller has gone or the server ends it. */
  readonly lines?: AsyncIterable<string>
}

/** Answers a request. Throws only if the signal is aborted. */
export type HandleApi = (request: ApiRequest) => Promise<ApiAnswer>

export type ApiBody = { readonly given: JsonObject } | { readonly refused: ApiAnswer }

/** Parses a body that must be a JSON object. An empty body is an empty object. */
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

interface Expected {
  readonly uid: unknown
  readonly resourceVersion: unknown
}

/** Refuses a request whose preconditions do not hold. undefined: they hold, or there are none. */
export function conflictAnswer(
  resource: ResourceName,
  { metadata }: StoredObject,
  { uid, resourceVersion }: Expected,
  when: 'change' | 'delete',
): ApiAnswer | undefined {
  const why =
    (uid !== undefined && uid !== metadata.uid && precondition('UID', uid, metadata.uid)) ||
    (resourceVersion !== undefined &&
      resourceVersion !== metadata.resourceVersion &&
      (when === 'change' ? modified : precondition('ResourceVersion', resourceVersion, metadata.resourceVersion)))
  if (!why) return undefined
  const { name } = metadata
  const details = { name, group: groupOf(resource), kind: resource }
  return statusAnswer(409, `Operation cannot be fulfilled on ${groupResource(resource)} "${name}": ${why}`, details)
}

const modified = 'the object has been modified; please apply your changes to the latest version and try again'

function precondition(of: string, wanted: unknown, is: unknown): string {
  return `Precondition failed: ${of} in precondition: ${wanted}, ${of} in object meta: ${is}`
}

/** Refuses a request in the words of Kubernetes 1.36.3, which treats a selected name as the object's name. */
export function forbiddenAnswer({ verb, resource, namespace, name, subresource, query }: ApiAddress): ApiAnswer {
  const fields = selectorPairs(query.get('fieldSelector'))
  const selected = fields.find(([field]) => field === 'metadata.name')?.[1]
  const subject = name || selected ? `${groupResource(resource)} "${name || selected}"` : groupResource(resource)
  const what = `resource "${resource}${subresource && `/${subresource}`}" in API group "${groupOf(resource)}"`
  const place = namespace ? `in the namespace "${namespace}"` : 'at the cluster scope'
  const user = 'system:serviceaccount:imagepull:imagepull'
  const message = `${subject} is forbidden: User "${user}" cannot ${verb} ${what} ${place}`
  return statusAnswer(403, message, name ? { name } : {})
}

/**
 * Refuses invalid fields: `Job.batch "x" is invalid: spec.template: Invalid value: …: field is immutable`. undefined: all
 * are valid.
 */
export function invalidAnswer(
  resource: ResourceName,
  { kind, metadata: { name } }: StoredObject,
  fields: readonly InvalidField[],
): ApiAnswer | undefined {
  if (fields.length === 0) return undefined
  const group = groupOf(resource)
  const said = fields.map(({ field, message }) => `${field}: ${message}`)
  const what = said.length > 1 ? `[${said.join(', ')}]` : said.join('')
  const causes = fields.map(({ field, message }) => ({ reason: reasonOf(message), message, field }))
  return statusAnswer(422, `${[kind, group].filter(Boolean).join('.')} "${name}" is invalid: ${what}`, {
    name,
    group,
    kind,
    causes,
  })
}

/** metav1.CauseType. */
function reasonOf(message: string): string {
  if (message.startsWith('Required')) return 'FieldValueRequired'
  return message.startsWith('Forbidden') ? 'FieldValueForbidden' : 'FieldValueInvalid'
}

export function notFoundAnswer(resource: ResourceName, name: string): ApiAnswer {
  const message = `${groupResource(resource)} "${name}" not found`
  return statusAnswer(404, message, { name, group: groupOf(resource), kind: resource })
}
