import { z } from 'zod'
import { redact } from '../secret.ts'
import { apiServer } from './api-server.ts'
import type { Cluster, Listing, ListOptions, LogOptions, ObjectKey } from './cluster.ts'
import { ClusterError } from './cluster-error.ts'
import { errorOfAnswer } from './error-of-answer.ts'
import { exec } from './exec.ts'
import { isKubernetesName } from './is-kubernetes-name.ts'
import { may } from './may.ts'
import { proxy } from './proxy.ts'
import { resourcePath } from './resource-path.ts'
import { type Resource, type ResourceName, resources } from './resources.ts'
import { statusBody } from './status-body.ts'
import type { Answer, Transport } from './transport.ts'

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

/** Reads a cluster through any way to its API server. */
export function clusterOver(
  transport: Transport,
  { name, namespace }: { readonly name: string; readonly namespace: string },
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
    if (answer.status === 400 && !hasNoLog(answer)) throw errorOfAnswer(answer, asked)
    return answer.status === 400 || isAbsent(answer, asked) ? undefined : answer.body
  }

  return {
    name,
    namespace,
    get,
    list,
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
  throw errorOfAnswer(answer, asked)
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
