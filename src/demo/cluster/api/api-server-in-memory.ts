import { settableClock } from '../../clock.ts'
import { type ApiAddress, apiAddress } from './api-address.ts'
import type { ApiContext, ApiServerOptions } from './api-context.ts'
import type { ApiAnswer, ApiRequest, HandleApi } from './api-request.ts'
import { createObject } from './create-object.ts'
import { deleteObject } from './delete-object.ts'
import { forbiddenAnswer } from './forbidden-answer.ts'
import { jsonAnswer } from './json-answer.ts'
import { type ObjectStore, objectStore } from './object-store.ts'
import { patchObject } from './patch-object.ts'
import { proxyToService } from './proxy-to-service.ts'
import { readLog } from './read-log.ts'
import { getObject, listObjects } from './read-objects.ts'
import { reviewAccess } from './review-access.ts'
import { type Rule, ruleApplies, type Verb } from './rule.ts'
import { statusAnswer } from './status-answer.ts'
import { storedObjects } from './stored-objects.ts'

export interface ApiServerInMemory {
  readonly handle: HandleApi
  /** What it serves; whoever writes here needs no right. */
  readonly store: ObjectStore
}

/**
 * An API server without a network: paths, selectors, pages, writes and refusals of the real one, for the kinds that
 * src/kubernetes reads. Nothing lives in it by itself.
 */
export function apiServerInMemory(
  manifests: string | readonly unknown[],
  options: ApiServerOptions = {},
): ApiServerInMemory {
  const store = objectStore(storedObjects(manifests))
  const context: ApiContext = { store, clock: options.clock ?? settableClock(), options }
  const { forbid = [], hang = [] } = options

  async function handle(request: ApiRequest): Promise<ApiAnswer> {
    request.signal?.throwIfAborted()
    const path = request.path.split('?')[0] ?? ''
    const own = request.method === 'GET' ? ownAnswers[path] : undefined
    if (own) return own
    if (request.method === 'POST' && path === reviews) return review(request)
    const address = apiAddress(request.method, request.path)
    if (!address) return statusAnswer(404, 'the server could not find the requested resource')
    if (hang.some((rule) => applies(rule, address))) return untilAborted(request.signal)
    if (forbid.some((rule) => applies(rule, address))) return forbiddenAnswer(address)
    return answer(context, address, request)
  }

  function review(request: ApiRequest): ApiAnswer {
    const own = { verb: 'create', resource: 'selfsubjectaccessreviews', namespace: '' }
    if (!forbid.some((rule) => ruleApplies(rule, own))) return reviewAccess(forbid, request)
    return statusAnswer(403, 'selfsubjectaccessreviews.authorization.k8s.io is forbidden')
  }

  return { handle, store }
}

const reviews = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'

const ownAnswers: Readonly<Record<string, ApiAnswer>> = {
  '/version': jsonAnswer(200, { major: '1', minor: '36', gitVersion: 'v1.36.3', platform: 'linux/amd64' }),
  '/readyz': { status: 200, headers: { 'content-type': 'text/plain' }, body: 'ok' },
}

type Handler = (context: ApiContext, address: ApiAddress, request: ApiRequest) => ApiAnswer | Promise<ApiAnswer>

const ofObjects: Readonly<Record<Verb, Handler>> = {
  get: getObject,
  list: listObjects,
  create: createObject,
  patch: patchObject,
  delete: deleteObject,
}

const ofParts: Readonly<Record<string, Handler>> = {
  'pods/log': readLog,
  'services/proxy': proxyToService,
  'pods/exec': () => statusAnswer(501, 'the API server in memory runs no programs', {}, 'NotImplemented'),
}

function answer(context: ApiContext, address: ApiAddress, request: ApiRequest): ApiAnswer | Promise<ApiAnswer> {
  const { resource, subresource, verb } = address
  if (!subresource) return ofObjects[verb](context, address, request)
  const handler = ofParts[`${resource}/${subresource}`]
  return handler?.(context, address, request) ?? statusAnswer(404, 'the server could not find the requested resource')
}

function applies(rule: Rule, { verb, resource, namespace, subresource }: ApiAddress): boolean {
  return ruleApplies(rule, { verb, namespace, resource: [resource, subresource].filter(Boolean).join('/') })
}

function untilAborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
