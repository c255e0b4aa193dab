import { z } from 'zod'
import { redact } from '../secret.ts'
import type { Cluster, Listing, ListOptions, LogOptions, ObjectKey, ProxyAnswer, ProxyOptions } from './cluster.ts'
import { ClusterError, statusBody, toAnswerError } from './errors.ts'
import { may } from './permissions.ts'
import { isKubernetesName, type Resource, type ResourceName, resourcePath, resources } from './resources.ts'
import { exec } from './transport/exec.ts'
import { type ApiServer, apiServer } from './transport/http.ts'
import type { Answer, Transport } from './transport/transport.ts'
import { watchResource } from './watch.ts'

/** Items. What kubectl asks for at once. */
const pageSize = 500
/** Bytes. A page of 500 large objects stays well below. */
const bodyLimit = 64 * 1024 * 1024
/** Bytes that a log may be longer than asked for: `limitBytes` is not exact. */
const logSlack = 64 * 1024

const pageSchema = z.object({
  metadata: z.object({ continue: z.string().default(''), remainingItemCount: z.number().optional() }).prefault({}),
  items: z.array(z.unknown()).nullish(),
})

interface ClusterOptions {
  readonly name: string
  readonly namespace: string
  readonly domain?: string | undefined
}

/** Reads a cluster through any transport to its API server. */
export function createClusterClient(
  transport: Transport,
  { name, namespace, domain = 'cluster.local' }: ClusterOptions,
): Cluster {
  const server = apiServer(transport)
  let execs = 0

  async function get<Name extends ResourceName>(
    resource: Name,
    key: ObjectKey,
    signal?: AbortSignal,
  ): Promise<Resource<Name> | undefined> {
    if (!isKubernetesName(key.name) || !mayBe(key.namespace)) return undefined // no object can have such a name
    const asked = `get ${resource}/${key.name}${within(key.namespace)}`
    const question = { path: resourcePath(resource, key.namespace, key.name), asked, limitBytes: bodyLimit }
    const answer = await server.ask(question, [200, 404], signal)
    return isAbsent(answer, asked) ? undefined : parse(resource, json(answer.body, asked), asked)
  }

  async function list<Name extends ResourceName>(
    resource: Name,
    where: ListOptions,
    signal?: AbortSignal,
  ): Promise<Listing<Resource<Name>>> {
    if (!mayBe(where.namespace)) return { items: [], complete: true }
    const asked = `list ${resource}${placeOf(resource, where.namespace)}`
    const limit = where.limit ?? pageSize
    const items: Resource<Name>[] = []
    let next = ''
    let unreadable = 0
    let remaining: number | undefined
    do {
      const query = queryOf(where, Math.min(limit - items.length, pageSize), next)
      const question = { path: `${resourcePath(resource, where.namespace)}?${query}`, asked, limitBytes: bodyLimit }
      const answer = await server.ask(question, next ? [200, 410] : [200], signal)
      if (answer.status === 410) return { items, complete: false, ...(unreadable > 0 && { unreadable }) } // etcd no longer has what the list began with
      const page = parseWith(pageSchema, json(answer.body, asked), asked)
      const read = readable(resource, page.items ?? [], asked)
      for (const item of read) items.push(item)
      unreadable += (page.items?.length ?? 0) - read.length
      next = page.metadata.continue
      remaining = page.metadata.remainingItemCount
    } while (next && items.length < limit)
    const more = remaining === undefined ? {} : { more: remaining }
    return { items, complete: next === '', ...more, ...(unreadable > 0 && { unreadable }) }
  }

  async function logs(of: LogOptions, signal?: AbortSignal): Promise<string | undefined> {
    if (!isKubernetesName(of.pod) || !isKubernetesName(of.namespace)) return undefined
    const asked = `get pods/log of ${of.pod} in ${of.namespace}`
    const path = `${resourcePath('pods', of.namespace, of.pod)}/log?${logQuery(of)}`
    const answer = await server.ask({ path, asked, limitBytes: of.limitBytes + logSlack }, [200, 400, 404], signal)
    if (answer.status === 400 && !hasNoLog(answer)) throw toAnswerError(answer, asked)
    return answer.status === 400 || isAbsent(answer, asked) ? undefined : answer.body
  }

  return {
    name,
    namespace,
    domain,
    get,
    list,
    watch: (resource, options, signal) => watchResource({ transport, server }, resource, options, signal),
    logs,
    proxy: (of, signal) => proxy(server, of, signal),
    may: (permission, signal) => may(server, permission, signal),
    async exec(of, signal) {
      execs += 1
      return exec(transport, of, signal)
    },
    get requests() {
      return server.requests + execs
    },
  }
}

function mayBe(namespace: string | undefined): boolean {
  return !namespace || isKubernetesName(namespace)
}

function within(namespace: string | undefined): string {
  return namespace ? ` in ${namespace}` : ''
}

function placeOf(resource: ResourceName, namespace: string | undefined): string {
  return resources[resource].namespaced ? within(namespace) || ' in all namespaces' : ''
}

function queryOf(where: ListOptions, limit: number, next: string): URLSearchParams {
  const query = new URLSearchParams({ limit: String(limit) })
  if (where.labels) query.set('labelSelector', pairs(where.labels))
  if (where.fields) query.set('fieldSelector', pairs(where.fields))
  if (next) query.set('continue', next)
  return query
}

/** With the escapes of apimachinery's `fields.EscapeValue`; no label value contains such characters. */
function pairs(of: Readonly<Record<string, string>>): string {
  return Object.entries(of)
    .map(([key, value]) => `${key}=${value.replaceAll(/[\\,=]/g, '\\$&')}`)
    .join(',')
}

function logQuery({ container, previous, tailLines, limitBytes }: LogOptions): URLSearchParams {
  const query = new URLSearchParams({ tailLines: String(tailLines), limitBytes: String(limitBytes) })
  if (container) query.set('container', container)
  if (previous) query.set('previous', 'true')
  return query
}

/** "container … is waiting to start", "previous terminated container … not found", "container … is not valid for pod …". */
function hasNoLog({ body }: Answer): boolean {
  return /is waiting to start|not found|is not valid for pod/.test(statusBody(body)?.message ?? '')
}

/** Only a `Status` that names the object says that it is not there; any other 404 says nothing about it. */
function isAbsent(answer: Answer, asked: string): boolean {
  if (answer.status !== 404) return false
  if (statusBody(answer.body)?.details.name) return true
  throw toAnswerError(answer, asked)
}

function json(body: string, asked: string): unknown {
  try {
    return JSON.parse(body)
  } catch (error) {
    throw new ClusterError('invalid-answer', asked, `the API server answers with something else than JSON (${asked})`, {
      cause: error,
    })
  }
}

function parse<Name extends ResourceName>(resource: Name, value: unknown, asked: string): Resource<Name> {
  return parseWith(resources[resource].schema, value, asked) as Resource<Name> // the schema of that very name
}

/** One odd object spoils itself alone. Where none can be read, the answer is no list of this kind. */
function readable<Name extends ResourceName>(
  resource: Name,
  values: readonly unknown[],
  asked: string,
): readonly Resource<Name>[] {
  const parsed = values.flatMap((value) => {
    const { data } = resources[resource].schema.safeParse(value)
    return data === undefined ? [] : [data as Resource<Name>] // the schema of that very name
  })
  const [first] = values
  return parsed.length === 0 && first !== undefined ? [parse(resource, first, asked)] : parsed
}

function parseWith<Schema extends z.ZodType>(schema: Schema, value: unknown, asked: string): z.infer<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const words = redact(z.prettifyError(parsed.error))
  throw new ClusterError('invalid-answer', asked, `the API server's answer is not understood (${asked}): ${words}`)
}

const everyStatus = Array.from({ length: 500 }, (_, at) => at + 100)

/**
 * What comes back is the Service's own answer, unless the API server speaks for itself: with a `Status`, or with its
 * words for a Service that it cannot reach. Throws ClusterError then.
 */
async function proxy(server: ApiServer, of: ProxyOptions, signal?: AbortSignal): Promise<ProxyAnswer> {
  const { service, method, accept, limitBytes } = of
  const path = `${pathOf(of)}${of.path}`
  const asked = `${method.toLowerCase()} services/proxy of ${service.name} in ${service.namespace}`
  const question = { method, path, accept, asked, limitBytes, passedOn: true }
  const answer = await server.ask(question, everyStatus, signal)
  const { status, body, headers = {} } = answer
  const says = statusBody(body)
  if (says && /no endpoints available/.test(says.message))
    throw new ClusterError('unreachable', asked, `the Service has no ready endpoint (${asked}): ${says.message}`)
  const words = says?.message ?? body
  if (status >= 500 && /^error trying to reach service/.test(words))
    throw new ClusterError(
      'unreachable',
      asked,
      `the API server does not reach the Service (${asked}): ${words.slice(0, 200)}`,
    )
  if (says) throw toAnswerError(answer, asked)
  return { status, body, headers, path }
}

function pathOf({ service: { namespace, name, port, tls } }: ProxyOptions): string {
  const target = `${tls ? 'https:' : ''}${encodeURIComponent(name)}:${port}`
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/services/${target}/proxy`
}

type Fields = Readonly<Record<string, unknown>>

/** Reads what was not parsed: an object's fields, none where it is no object; a list's members, none where it is no list. */
export const rawFields = {
  of: (value: unknown): Fields => (isObject(value) ? value : {}),
  list: (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.map(rawFields.of) : []),
  /** `rawFields.at(job, 'spec', 'template')` */
  at: (value: unknown, ...path: readonly string[]): unknown =>
    path.reduce<unknown>((of, key) => rawFields.of(of)[key], value),
  text: (value: unknown): string => (typeof value === 'string' ? value : ''),
} as const

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
