import { z } from 'zod'
import { ClusterError, statusBody, toAnswerError } from './errors.ts'
import type { RawObject } from './raw-object.ts'
import { isKubernetesName, type ResourceName, resourcePath } from './resources.ts'
import { type ApiServer, apiServer } from './transport/http.ts'
import type { Answer, Question, Transport } from './transport/transport.ts'
import type { ClusterWrites } from './writes.ts'

/** Bytes of one object. etcd takes 1.5 MiB. */
const bodyLimit = 8 * 1024 * 1024
/** Who wrote a field, in its managedFields. */
const fieldManager = 'imagepull'

const objectSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    uid: z.string(),
    resourceVersion: z.string().default(''), // a trial has none
  }),
})

const patchTypes = {
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
} as const

/** Changes a cluster through any way to its API server. */
export function createWritesClient(transport: Transport): ClusterWrites {
  const server = apiServer(transport)

  return {
    async raw(resource, key, signal) {
      const asked = words('get', resource, key.name, key.namespace)
      if (!isKubernetesName(key.name)) return undefined
      const path = resourcePath(resource, key.namespace, key.name)
      const answer = await server.ask({ path, asked, limitBytes: bodyLimit }, [200, 404], signal)
      return isAbsent(answer, asked) ? undefined : parse(answer, asked)
    },

    async create(resource, namespace, manifest, { dryRun }, signal) {
      const asked = words(dryRun ? 'try to create' : 'create', resource, manifest.metadata.name, namespace)
      const query = new URLSearchParams({ fieldManager, fieldValidation: 'Strict', ...(dryRun && { dryRun: 'All' }) })
      const path = `${resourcePath(resource, namespace)}?${query}`
      const sent = { method: 'POST', path, body: json(manifest), repeatable: dryRun } as const
      return parse(await write(server, { ...sent, asked }, [200, 201], signal), asked)
    },

    async remove(resource, key, { uid, resourceVersion, propagation = 'Background' }, signal) {
      const asked = words('delete', resource, key.name, key.namespace)
      const preconditions = { uid, ...(resourceVersion !== undefined && { resourceVersion }) }
      const options = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions, propagationPolicy: propagation }
      const path = resourcePath(resource, key.namespace, key.name)
      const sent = { method: 'DELETE', path, body: json(options) } as const
      const answer = await write(server, { ...sent, asked }, [200, 202, 404], signal)
      return isAbsent(answer, asked) ? 'absent' : 'removed'
    },

    async patch(resource, key, { type, patch, uid, resourceVersion }, signal) {
      const asked = words('patch', resource, key.name, key.namespace)
      const metadata = { ...(isObject(patch.metadata) ? patch.metadata : {}), uid, resourceVersion }
      const path = `${resourcePath(resource, key.namespace, key.name)}?${new URLSearchParams({ fieldManager })}`
      const body = { type: patchTypes[type], content: JSON.stringify({ ...patch, metadata }) }
      return parse(await write(server, { method: 'PATCH', path, body, asked }, [200], signal), asked)
    },
  }
}

type Write = Omit<Question, 'limitBytes'>

async function write(
  server: ApiServer,
  question: Write,
  expected: readonly number[],
  signal?: AbortSignal,
): Promise<Answer> {
  return server.ask({ ...question, limitBytes: bodyLimit }, expected, signal)
}

function words(verb: string, resource: ResourceName, name: string, namespace: string | undefined): string {
  return `${verb} ${resource}/${name}${namespace ? ` in ${namespace}` : ''}`
}

function json(value: object): NonNullable<Question['body']> {
  return { type: 'application/json', content: JSON.stringify(value) }
}

/** Only a `Status` that names the object says that it is not there. */
function isAbsent(answer: Answer, asked: string): boolean {
  if (answer.status !== 404) return false
  if (statusBody(answer.body)?.details.name) return true
  throw toAnswerError(answer, asked)
}

function parse({ body }: Answer, asked: string): RawObject {
  const parsed = objectSchema.safeParse(fromJson(body))
  if (parsed.success) return parsed.data as RawObject // what is optional is there or left out
  const why = z.prettifyError(parsed.error)
  throw new ClusterError('invalid-answer', asked, `the API server's answer is not understood (${asked}): ${why}`)
}

function fromJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
