import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { ListOptions, WatchEvent } from './cluster.ts'
import { ClusterError } from './errors.ts'
import { type Resource, type ResourceName, resourcePath, resources } from './resources.ts'
import type { ApiServer } from './transport/http.ts'
import type { Transport } from './transport/transport.ts'

/** Seconds after which the API server ends a watch, so that it moves on to another server when there are several. */
const longest = 300
/** Milliseconds before a watch that ended without a word is begun again. */
const pause = 1_000
/** Bytes of one object. etcd takes at most 1.5 MiB. */
const lineLimit = 4 * 1024 * 1024

const lineSchema = z.object({
  type: z.enum(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR']),
  object: z.looseObject({ metadata: z.looseObject({ resourceVersion: z.string().optional() }).optional() }),
})
const listSchema = z.object({ metadata: z.object({ resourceVersion: z.string() }) })
const statusSchema = z.object({ code: z.number(), message: z.string().default('') })

export interface WatchClient {
  readonly transport: Pick<Transport, 'lines'>
  readonly server: Pick<ApiServer, 'ask'>
}

/**
 * Watches from the version of a list on, and resumes from the version that it saw last:
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 * Throws ClusterError.
 */
export async function* watchResource<Name extends ResourceName>(
  { transport, server }: WatchClient,
  resource: Name,
  { namespace, fields }: Pick<ListOptions, 'namespace' | 'fields'>,
  signal?: AbortSignal,
): AsyncGenerator<WatchEvent<Resource<Name>>> {
  const asked = `watch ${resource}${namespace ? ` in ${namespace}` : ' in all namespaces'}`
  const path = resourcePath(resource, namespace)
  const selector = Object.entries(fields ?? {}).map(([field, value]) => `${field}=${value}`)
  const selected: Readonly<Record<string, string>> = selector.length > 0 ? { fieldSelector: selector.join(',') } : {}

  /** A list of one object is enough to know the version. */
  async function currentVersion(): Promise<string> {
    const query = new URLSearchParams({ ...selected, limit: '1' })
    const question = { path: `${path}?${query}`, asked: `list ${resource}`, limitBytes: lineLimit }
    const { body } = await server.ask(question, [200], signal)
    return parse(listSchema, body, asked).metadata.resourceVersion
  }

  function lines(resourceVersion: string): AsyncIterable<string> {
    const own = { watch: 'true', allowWatchBookmarks: 'true', timeoutSeconds: String(longest), resourceVersion }
    return transport.lines(
      { path: `${path}?${new URLSearchParams({ ...selected, ...own })}`, asked, limitBytes: lineLimit },
      signal,
    )
  }

  let version: string | undefined
  for (;;) {
    if (version === undefined) {
      version = await currentVersion()
      yield { type: 'began' }
    }
    let silent = true
    for await (const line of lines(version)) {
      silent = false
      const { type, object } = parse(lineSchema, line, asked)
      if (type === 'ERROR') {
        version = afterError(object, asked)
        break
      }
      version = object.metadata?.resourceVersion ?? version
      const known = type === 'BOOKMARK' ? undefined : resources[resource].schema.safeParse(object).data
      const is = type === 'DELETED' ? 'gone' : 'changed'
      if (known !== undefined) yield { type: is, object: known as Resource<Name> } // the schema of that very name
    }
    if (silent) await sleep(pause, undefined, { ...(signal && { signal }) })
  }
}

/** 410: the API server no longer has the changes since that version. Any other error is thrown. */
function afterError(object: unknown, asked: string): undefined {
  const { code, message } = statusSchema.parse(object)
  if (code === 410) return undefined
  throw new ClusterError('server-error', asked, `the API server ended the watch (${asked}): ${code} ${message}`)
}

function parse<Schema extends z.ZodType>(schema: Schema, json: string, asked: string): z.infer<Schema> {
  try {
    return schema.parse(JSON.parse(json))
  } catch (cause) {
    throw new ClusterError('invalid-answer', asked, `the answer to a watch is not understood (${asked})`, { cause })
  }
}
