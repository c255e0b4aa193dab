import { z } from 'zod'
import { apiServer } from './api-server.ts'
import type { Cluster, Listing, ListOptions, LogOptions, ObjectKey } from './cluster.ts'
import { ClusterError } from './cluster-error.ts'
import { errorOfStatus, statusOf } from './explain-failure.ts'
import { type KubeconfigOptions, loadKubeconfig } from './load-kubeconfig.ts'
import { type Resource, type ResourceName, resources } from './resources.ts'

const pageSize = 500

const page = z.object({
  metadata: z.object({ continue: z.string().default('') }).prefault({}),
  items: z.array(z.unknown()).nullish(),
})

/** A cluster by its kubeconfig. Nothing is asked before the first question. Throws KubeconfigError. */
export function connectCluster(options: KubeconfigOptions): Cluster {
  const config = loadKubeconfig(options)
  const context = config.getContextObject(config.currentContext)
  const server = apiServer(config)

  async function get<Name extends ResourceName>(
    resource: Name,
    key: ObjectKey,
    signal?: AbortSignal,
  ): Promise<Resource<Name> | undefined> {
    const asked = `get ${resource}/${key.name}${within(key.namespace)}`
    const answer = await server.get(`${pathOf(resource, key.namespace)}/${encodeURIComponent(key.name)}`, asked, signal)
    if (answer.status === 404) return absent(answer, asked)
    return parse(resource, json(answer.body, asked), asked)
  }

  async function list<Name extends ResourceName>(
    resource: Name,
    where: ListOptions,
    signal?: AbortSignal,
  ): Promise<Listing<Resource<Name>>> {
    const asked = `list ${resource}${where.namespace ? within(where.namespace) : ' in all namespaces'}`
    const limit = where.limit ?? pageSize
    const items: Resource<Name>[] = []
    let next = ''
    do {
      const query = queryOf(where, Math.min(limit - items.length, pageSize), next)
      const answer = await server.get(`${pathOf(resource, where.namespace)}?${query}`, asked, signal)
      if (answer.status === 404) throw errorOfStatus(answer, asked)
      const { metadata, items: found } = parseWith(page, json(answer.body, asked), asked)
      items.push(...(found ?? []).map((item) => parse(resource, item, asked)))
      next = metadata.continue
    } while (next && items.length < limit)
    return { items, complete: next === '' }
  }

  async function logs(of: LogOptions, signal?: AbortSignal): Promise<string | undefined> {
    const asked = `get pods/log of ${of.pod}${within(of.namespace)}`
    const query = new URLSearchParams({ tailLines: String(of.tailLines), limitBytes: String(of.limitBytes) })
    if (of.container) query.set('container', of.container)
    if (of.previous) query.set('previous', 'true')
    const path = `${pathOf('pods', of.namespace)}/${encodeURIComponent(of.pod)}/log?${query}`
    try {
      const answer = await server.get(path, asked, signal)
      return answer.status === 404 ? undefined : answer.body
    } catch (error) {
      // 400: "container … is waiting to start", "previous terminated container … not found".
      if (error instanceof ClusterError && error.code === 'invalid-answer') return undefined
      throw error
    }
  }

  return {
    name: config.currentContext,
    namespace: context?.namespace || 'default',
    get,
    list,
    logs,
    get requests() {
      return server.requests
    },
  }
}

function within(namespace: string | undefined): string {
  return namespace ? ` in ${namespace}` : ''
}

function pathOf(resource: ResourceName, namespace: string | undefined): string {
  const { api, namespaced } = resources[resource]
  return namespaced && namespace
    ? `${api}/namespaces/${encodeURIComponent(namespace)}/${resource}`
    : `${api}/${resource}`
}

function queryOf(where: ListOptions, limit: number, next: string): URLSearchParams {
  const query = new URLSearchParams({ limit: String(limit) })
  const pairs = (of: Readonly<Record<string, string>>): string =>
    Object.entries(of)
      .map(([key, value]) => `${key}=${value}`)
      .join(',')
  if (where.labels) query.set('labelSelector', pairs(where.labels))
  if (where.fields) query.set('fieldSelector', pairs(where.fields))
  if (next) query.set('continue', next)
  return query
}

/** Only a `Status` that names the object says that the object is not there; any other 404 says nothing about it. */
function absent(answer: { readonly status: number; readonly body: string }, asked: string): undefined {
  if (!statusOf(answer.body)?.details?.name) throw errorOfStatus(answer, asked)
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

function parseWith<Schema extends z.ZodType>(schema: Schema, value: unknown, asked: string): z.infer<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new ClusterError(
    'invalid-answer',
    asked,
    `the API server's answer is not understood (${asked}): ${z.prettifyError(parsed.error)}`,
  )
}
