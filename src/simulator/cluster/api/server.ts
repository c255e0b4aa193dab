import { z } from 'zod'
import { settableClock } from '../../clock.ts'
import { type ApiAddress, apiAddress, type Rule, ruleApplies, type Verb } from './address.ts'
import {
  type ApiAnswer,
  type ApiRequest,
  apiBody,
  forbiddenAnswer,
  type HandleApi,
  jsonAnswer,
  statusAnswer,
} from './answers.ts'
import { getObject, listObjects, readLog } from './read.ts'
import { proxyToService } from './service-proxy.ts'
import { type ApiContext, type ApiServerOptions, type ObjectStore, objectStore, storedObjects } from './store.ts'
import { createWatches } from './watch.ts'
import { createObject } from './writes/create.ts'
import { deleteObject } from './writes/delete.ts'
import { patchObject } from './writes/patch.ts'

export interface ApiServerInMemory {
  readonly handle: HandleApi
  /** The stored objects. Writing here needs no permission. */
  readonly store: ObjectStore
}

/**
 * Makes an API server without a network. It has the paths, selectors, pages, writes and refusals of the real one, for the kinds
 * that src/kubernetes reads. Nothing changes in it without a request.
 */
export function apiServerInMemory(
  manifests: string | readonly unknown[],
  options: ApiServerOptions = {},
): ApiServerInMemory {
  const store = objectStore(storedObjects(manifests))
  const context: ApiContext = { store, clock: options.clock ?? settableClock(), options }
  const watch = createWatches(store)
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
    return address.verb === 'watch' ? watch(context, address, request) : answer(context, address, address.verb, request)
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

const ofObjects: Readonly<Record<Exclude<Verb, 'watch'>, Handler>> = {
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

function answer(
  context: ApiContext,
  address: ApiAddress,
  verb: Exclude<Verb, 'watch'>,
  request: ApiRequest,
): ApiAnswer | Promise<ApiAnswer> {
  const { resource, subresource } = address
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

const reviewSchema = z.looseObject({
  spec: z.looseObject({
    resourceAttributes: z.object({
      verb: z.string(),
      resource: z.string(),
      subresource: z.string().default(''),
      namespace: z.string().default(''),
    }),
  }),
})

/** Answers a SelfSubjectAccessReview. Everything that is not forbidden is allowed. */
function reviewAccess(forbid: readonly Rule[], request: ApiRequest): ApiAnswer {
  const body = apiBody(request)
  if ('refused' in body) return body.refused
  const review = reviewSchema.safeParse(body.given)
  if (!review.success) return statusAnswer(400, `a SelfSubjectAccessReview needs resourceAttributes`)
  const { verb, resource, subresource, namespace } = review.data.spec.resourceAttributes
  const attempt = { verb, namespace, resource: [resource, subresource].filter(Boolean).join('/') }
  const allowed = !forbid.some((rule) => ruleApplies(rule, attempt))
  const { metadata: _, ...given } = review.data
  return jsonAnswer(201, { ...given, metadata: {}, status: { allowed } })
}
