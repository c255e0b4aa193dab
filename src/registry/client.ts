import { z } from 'zod'
import { type Access, type AccessRoutes, withAccessRoutes } from './access/route.ts'
import type { ApiAnswer, ApiRequest, RegistryHttp } from './http/api.ts'
import type { ContactPolicy } from './http/contact-policy.ts'
import { type HttpAnswer, type Resolve, systemResolve, type Timeouts } from './http/guarded-http.ts'
import { apiHost } from './http/public-registries.ts'
import { isPublicHost, registryHttp } from './http/registry-http.ts'
import { manifestTypes, readManifest, readPlatform } from './manifest.ts'
import { readQuota } from './manners/limits.ts'
import { createManners, type Manners } from './manners/manners.ts'
import { shareAnswers } from './manners/share-answers.ts'
import { parseJson, readRefusal } from './refusal.ts'
import type {
  Asked,
  ContentAnswer,
  ManifestAnswer,
  NamesAnswer,
  Platform,
  Question,
  Refusal,
  Registry,
} from './registry.ts'

export interface RegistryOptions {
  readonly policy: ContactPolicy
  readonly resolve?: Resolve
  /** Access routes to registries in the cluster. Absent: every registry is reached directly. */
  readonly routes?: AccessRoutes
  readonly accessTo?: (host: string) => Access
  /** Milliseconds; where none is given, the usual ones. */
  readonly timeouts?: Partial<Timeouts>
  /** What it shares with other clients. Absent: nothing. */
  readonly sharing?: Sharing
}

export interface Sharing {
  readonly manners: Manners
  /** The cluster. One address means another registry in another cluster, so that only public registries are shared by all. */
  readonly cluster: string
  /** `recent`: an answer that another client got a short while ago will do. `new`: the registry is asked again. */
  readonly answers: 'recent' | 'new'
}

/** Bytes of one answer; names and pages of one listing; characters of a name: 255 for a repository, and 128 for a tag. */
const limits = { manifest: 4 * 1024 * 1024, names: 2 * 1024 * 1024, entries: 10_000, pages: 10, name: 512 } as const
// The reference registry refuses more than 1,000 repositories a page (PAGINATION_NUMBER_INVALID); 100 is its default.
const pageSizes = { tags: 1_000, repositories: 100 } as const

const tagList = z.object({ tags: z.array(z.string()).nullish() })
const catalog = z.object({ repositories: z.array(z.string()).nullish() })

export function createRegistry({
  policy,
  resolve = systemResolve,
  routes,
  accessTo = () => 'auto',
  timeouts,
  sharing = { manners: createManners(), cluster: '', answers: 'recent' },
}: RegistryOptions): Registry {
  const { manners, cluster, answers } = sharing
  const realm = (host: string): string => (isPublicHost(apiHost(host)) ? '' : cluster)
  const direct = registryHttp({ policy, resolve, timeouts, manners, realm })
  const routed = routes ? withAccessRoutes(direct, routes, accessTo) : direct
  const since = answers === 'new' ? manners.now() : 0
  const http = shareAnswers(routed, { manners, realm, since })
  return {
    manifest: (of) => manifestOf(http, of),
    content: (of) => contentOf(http, of),
    blob: async (of) => foundIn(await http.ask(blobRequest(of, of.digest, 'HEAD'))),
    tags: (of) =>
      namesOf(
        http,
        requestFor(of, `tags/list?n=${pageSizes.tags}`, 'GET', limits.names),
        (body) => tagList.safeParse(body).data?.tags,
      ),
    repositories: (of) => namesOf(http, catalogRequest(of), (body) => catalog.safeParse(body).data?.repositories),
    close: http.close,
    get requests() {
      return http.requests
    },
  }
}

async function manifestOf(http: RegistryHttp, of: Question & { readonly reference: string }): Promise<ManifestAnswer> {
  const { head, refused } = await headOf(http, of)
  return refused ?? foundIn(head)
}

/** Asks by HEAD, which is not counted as a pull. A refused HEAD has no body: the GET tells why, unless we are to wait. */
async function headOf(
  http: RegistryHttp,
  of: Question & { readonly reference: string },
): Promise<{ readonly head: ApiAnswer; readonly refused?: ManifestAnswer }> {
  const request = manifestRequest(of, 'HEAD')
  const head = await http.ask(request)
  if (head.answer.status === 200) return { head }
  const isToWait = head.answer.headers['retry-after'] !== undefined
  const isExplained = head.refused?.asked.method === 'GET' // by the token server
  if (isToWait || isExplained) return { head, refused: refusalIn(head) }
  return { head, refused: foundIn(await http.ask({ ...request, method: 'GET' })) }
}

/** As a runtime does: HEAD tells the digest, and the manifest of that digest is read once. */
async function contentOf(http: RegistryHttp, of: Question & { readonly reference: string }): Promise<ContentAnswer> {
  const { head, refused } = await headOf(http, of)
  if (refused && refused.status !== 'found') return refused
  const digest = digestIn(head)
  const got = await http.ask(manifestRequest(digest ? { ...of, reference: digest } : of, 'GET'))
  if (got.answer.status !== 200) return refusalIn(got)
  const content = readManifest(got.answer.body)
  const mediaType = typeOf(got.answer)
  if (!content) return { status: 'not-a-registry', asked: got.asked, http: 200, contentType: mediaType }
  const platforms = content.config ? await platformOf(http, of, content.config) : content.platforms
  return { status: 'content', asked: got.asked, mediaType, platforms, children: content.children, blobs: content.blobs }
}

function digestIn({ answer }: ApiAnswer): string | undefined {
  const digest = answer.headers['docker-content-digest'] ?? ''
  return /^sha256:[0-9a-f]{64}$/.test(digest) ? digest : undefined
}

/** A single image tells its platform in its configuration alone. */
async function platformOf(http: RegistryHttp, of: Question, config: string): Promise<readonly Platform[]> {
  const got = await http.ask(blobRequest(of, config, 'GET'))
  return got.answer.status === 200 ? readPlatform(got.answer.body) : []
}

async function namesOf(
  http: RegistryHttp,
  first: ApiRequest,
  read: (body: unknown) => readonly string[] | null | undefined,
): Promise<NamesAnswer> {
  const names: string[] = []
  const visited = new Set<string>()
  let asked: Asked | undefined
  let path: string | undefined = first.path
  while (path && visited.size < limits.pages && names.length < limits.entries && !visited.has(path)) {
    visited.add(path)
    const got: ApiAnswer = await http.ask({ ...first, path })
    const page = got.answer.status === 200 ? read(parseJson(got.answer.body)) : undefined
    if (page === undefined && !asked) return got.answer.status === 200 ? notNames(got) : refusalIn(got)
    asked ??= got.asked
    if (page === undefined) return { status: 'names', asked, names, complete: false }
    const { kept, all } = cut(page ?? [], limits.entries - names.length)
    names.push(...kept)
    path = nextPath(got.answer)
    if (!all) return { status: 'names', asked, names, complete: false }
  }
  return { status: 'names', asked: asked ?? { method: 'GET', url: first.path }, names, complete: path === undefined }
}

/** At most so many of a page's names; what is longer than any name can be is none. */
function cut(page: readonly string[], most: number): { readonly kept: readonly string[]; readonly all: boolean } {
  const kept = page.slice(0, most).filter(({ length }) => length <= limits.name)
  return { kept, all: kept.length === page.length }
}

/** Of a Link header: same origin only, and only within the API. */
function nextPath({ url, headers }: HttpAnswer): string | undefined {
  const target = /<([^<>]{1,2000})>\s*;\s*rel="?next"?/.exec(headers.link ?? '')?.[1]
  if (!target || !URL.canParse(target, url.href)) return undefined
  const next = new URL(target, url)
  return next.origin === url.origin && next.pathname.startsWith('/v2/')
    ? `${next.pathname.slice('/v2/'.length)}${next.search}`
    : undefined
}

function requestFor(of: Question, path: string, method: 'GET' | 'HEAD', limit: number): ApiRequest {
  return {
    method,
    host: of.host,
    path: `${of.repository}/${path}`,
    scope: `repository:${of.repository}:pull`,
    limit,
    question: of,
  }
}

function manifestRequest(of: Question & { readonly reference: string }, method: 'GET' | 'HEAD'): ApiRequest {
  return {
    ...requestFor(of, `manifests/${encodeURIComponent(of.reference)}`, method, limits.manifest),
    accept: manifestTypes,
  }
}

function blobRequest(of: Question, digest: string, method: 'GET' | 'HEAD'): ApiRequest {
  return { ...requestFor(of, `blobs/${encodeURIComponent(digest)}`, method, limits.manifest), accept: '*/*' }
}

function catalogRequest(of: Omit<Question, 'repository'>): ApiRequest {
  return {
    method: 'GET',
    host: of.host,
    path: `_catalog?n=${pageSizes.repositories}`,
    scope: 'registry:catalog:*',
    limit: limits.names,
    question: of,
  }
}

function foundIn(got: ApiAnswer): ManifestAnswer {
  if (got.answer.status !== 200) return refusalIn(got)
  const digest = got.answer.headers['docker-content-digest']
  const quota = readQuota(got.answer.headers)
  return {
    status: 'found',
    asked: got.asked,
    mediaType: typeOf(got.answer),
    ...(digest && { digest }),
    ...(quota && { quota }),
  }
}

function refusalIn({ answer, asked, refused }: ApiAnswer): Refusal {
  return refused ?? readRefusal(answer, asked)
}

function notNames({ answer, asked }: ApiAnswer): Refusal {
  return { status: 'not-a-registry', asked, http: answer.status, contentType: typeOf(answer) }
}

function typeOf({ headers }: HttpAnswer): string {
  return (headers['content-type'] ?? '').split(';')[0]?.trim() ?? ''
}
