import type { IncomingMessage, RequestListener } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { openAccess, type RegistryAccess, type Wanted } from './access.ts'
import {
  beginUpload,
  continueUpload,
  countPull,
  type PullQuota,
  serveBlob,
  serveManifest,
  type Uploads,
} from './content.ts'
import { answered, type HandleRegistry, type RegistryAnswer, type RegistryRequest, refused } from './request.ts'
import type { RegistryStorage } from './storage.ts'

export interface SampleRegistryOptions {
  readonly access?: RegistryAccess
  readonly quota?: PullQuota
  /** False: it has no catalogue, like public registries. */
  readonly catalogue?: boolean
}

/** A registry with the parts of the OCI distribution protocol 1.1 for pulls, pushes and lists. */
export function sampleRegistry(
  storage: RegistryStorage,
  { access = openAccess, quota, catalogue = true }: SampleRegistryOptions = {},
): HandleRegistry {
  const uploads: Uploads = new Map()

  function answer(request: RegistryRequest): RegistryAnswer {
    const route = routeOf(request)
    if (!route) return refused(404, 'NOT_FOUND', 'page not found')
    const admitted = access.admit(request, route.wanted)
    if ('refused' in admitted) return admitted.refused
    if (quota && countsAsPull(request, route) && admitted.account === undefined && !countPull(quota, request.source))
      return refused(429, 'TOOMANYREQUESTS', tooMany, undefined, { 'retry-after': '21600' })
    return serve(route, request)
  }

  function serve({ kind, repository, rest }: Route, request: RegistryRequest): RegistryAnswer {
    if (kind === 'ping') return answered(200, {})
    if (kind === 'catalog')
      return catalogue ? listPage(request.url, [...storage.repositories.keys()], 'repositories') : noCatalogue
    if (kind === 'tags') return tags(repository, request.url)
    if (kind === 'manifest') return serveManifest(storage, { repository, reference: rest }, request)
    if (kind === 'blob') return serveBlob(storage, rest, request)
    return rest
      ? continueUpload(storage, uploads, { repository, id: rest }, request)
      : beginUpload(storage, uploads, repository, request)
  }

  function tags(name: string, url: URL): RegistryAnswer {
    const known = storage.repositories.get(name)
    if (!known) return refused(404, 'NAME_UNKNOWN', 'repository name not known to registry', { name })
    return listPage(url, [...known.tags.keys()], 'tags', { name })
  }

  return async (request) => {
    const { headers, ...answered } = answer(request)
    return { ...answered, headers: { 'docker-distribution-api-version': 'registry/2.0', ...headers } }
  }
}

const tooMany = 'You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit'
const noCatalogue = refused(401, 'UNAUTHORIZED', 'authentication required')

interface Route {
  readonly kind: 'ping' | 'catalog' | 'tags' | 'manifest' | 'blob' | 'upload'
  readonly repository: string
  readonly rest: string
  readonly wanted: Wanted
}

const name = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*'
const routes: readonly (readonly [kind: Route['kind'], path: RegExp])[] = [
  ['ping', /^\/v2\/?()()$/],
  ['catalog', /^\/v2\/_catalog()()$/],
  ['tags', new RegExp(`^/v2/(${name})/tags/list()$`)],
  ['manifest', new RegExp(`^/v2/(${name})/manifests/([^/]+)$`)],
  ['upload', new RegExp(`^/v2/(${name})/blobs/uploads/([^/]*)$`)],
  ['blob', new RegExp(`^/v2/(${name})/blobs/([^/]+)$`)],
]

function routeOf({ url, method }: RegistryRequest): Route | undefined {
  for (const [kind, path] of routes) {
    const [, repository, rest] = path.exec(decodeURIComponent(url.pathname)) ?? []
    if (repository !== undefined && rest !== undefined)
      return { kind, repository, rest, wanted: { repository, action: actionOf(kind, method) } }
  }
  return undefined
}

function actionOf(kind: Route['kind'], method: string): Wanted['action'] {
  if (kind === 'ping' || kind === 'catalog') return kind
  return method === 'GET' || method === 'HEAD' ? 'pull' : 'push'
}

function countsAsPull({ method }: RegistryRequest, { kind }: Route): boolean {
  return kind === 'manifest' && method === 'GET'
}

/** Serves a registry over HTTP. `source`: the address of its clients, as the registry sees it. */
export function registryListener(handle: HandleRegistry, source = '203.0.113.1'): RequestListener {
  return async (request, response) => {
    const answer = await handle(await read(request, source))
    const body = answer.body ?? Buffer.alloc(0)
    response.writeHead(answer.status, { ...answer.headers, 'content-length': body.length })
    response.end(request.method === 'HEAD' ? undefined : body)
  }
}

async function read(request: IncomingMessage, source: string): Promise<RegistryRequest> {
  const { method = 'GET', url = '/', headers } = request
  const scheme = 'encrypted' in request.socket ? 'https' : 'http'
  const flat = Object.entries(headers).map(([name, value]) => [name, String(value)])
  return {
    method,
    url: new URL(url, `${scheme}://${headers.host}`),
    headers: Object.fromEntries(flat),
    body: await buffer(request),
    source,
  }
}

/** The maximum and the default page size of the distribution registry: registry/handlers/catalog.go */
const entries = { most: 1_000, unasked: 100 } as const

/** Returns one page of names after `last`, with a Link header if there are more. */
function listPage(
  url: URL,
  names: readonly string[],
  of: 'tags' | 'repositories',
  rest: Readonly<Record<string, string>> = {},
): RegistryAnswer {
  const asked = url.searchParams.get('n')
  const most = of === 'repositories' ? entries.most : Number.POSITIVE_INFINITY
  const n = asked === null ? (of === 'repositories' ? entries.unasked : Number.POSITIVE_INFINITY) : Number(asked)
  if (asked !== null && !(/^\d+$/.test(asked) && n <= most))
    return refused(400, 'PAGINATION_NUMBER_INVALID', 'invalid number of results requested', { n: asked })
  const last = url.searchParams.get('last') ?? ''
  const behind = names.toSorted(byCodePoint).filter((name) => byCodePoint(name, last) > 0)
  const page = behind.slice(0, n)
  const more = page.length > 0 && page.length < behind.length
  const query = new URLSearchParams({ last: page.at(-1) ?? '', n: String(n) })
  return answered(200, { ...rest, [of]: page }, more ? { link: `<${url.pathname}?${query}>; rel="next"` } : {})
}

function byCodePoint(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}
