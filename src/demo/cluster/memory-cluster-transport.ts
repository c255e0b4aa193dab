import { ClusterError } from '../../kubernetes/cluster-error.ts'
import { type ResourceName, resources } from '../../kubernetes/resources.ts'
import type { Answer, Question, Transport } from '../../kubernetes/transport.ts'
import { fieldOf, refusedField } from './memory-cluster-fields.ts'
import { memoryClusterObjects, type StoredObject } from './memory-cluster-objects.ts'

export interface Rule {
  readonly verb: 'get' | 'list'
  readonly resource: ResourceName | 'pods/log'
  /** Absent: in every namespace, and across all of them. A list across all is refused too where one namespace is. */
  readonly namespace?: string
}

export interface MemoryClusterOptions {
  /** What the ServiceAccount may not do. */
  readonly forbid?: readonly Rule[]
  /** What gets no answer until the caller gives up. */
  readonly hang?: readonly Rule[]
  /** By `namespace/pod/container`; with ` previous` behind it, the log of the container before. */
  readonly logs?: Readonly<Record<string, string>>
}

interface Asked {
  readonly verb: 'get' | 'list'
  readonly resource: ResourceName
  readonly namespace: string
  readonly name: string
  readonly log: boolean
  readonly query: URLSearchParams
}

/** An API server without a network: the same paths, selectors, pages and refusals as the real one. */
export function memoryClusterTransport(
  manifests: string | readonly unknown[],
  { forbid = [], hang = [], logs = {} }: MemoryClusterOptions = {},
): Transport {
  const objects = memoryClusterObjects(manifests)

  function answer(asked: Asked): Answer {
    const { resource, namespace, name, query } = asked
    if (forbid.some((rule) => applies(rule, asked))) return forbidden(asked)
    const here = (objects.get(resource) ?? []).filter((it) => !namespace || it.metadata.namespace === namespace)
    if (asked.verb === 'list') return page(resource, here, query)
    const object = here.find((it) => it.metadata.name === name)
    if (!object) return status(404, `${groupResource(resource)} "${name}" not found`, name)
    return asked.log ? log(object, query) : { status: 200, body: JSON.stringify(object) }
  }

  function log({ metadata, spec }: StoredObject, query: URLSearchParams): Answer {
    const [first] = (spec as { containers: { name: string }[] }).containers // every pod has one
    const container = query.get('container') ?? first?.name
    const previous = query.get('previous') === 'true'
    const body = logs[`${metadata.namespace}/${metadata.name}/${container}${previous ? ' previous' : ''}`]
    if (body !== undefined) return { status: 200, body: tail(body, query) }
    const where = `container "${container}" in pod "${metadata.name}"`
    return status(400, previous ? `previous terminated ${where} not found` : `${where} is waiting to start: no log`)
  }

  async function send({ path }: Question, signal?: AbortSignal): Promise<Answer> {
    signal?.throwIfAborted()
    const asked = askedBy(path)
    if (!asked) return status(404, 'the server could not find the requested resource')
    if (hang.some((rule) => applies(rule, asked))) return untilAborted(signal)
    return answer(asked)
  }

  /** Nothing runs in this cluster. */
  async function* frames(_path: string, _protocol: string, asked: string): AsyncGenerator<never> {
    yield* []
    throw new ClusterError('not-served', asked, `the API server in memory runs no programs (${asked})`)
  }

  return { address: 'https://memory.test:6443', send, frames }
}

function askedBy(path: string): Asked | undefined {
  const url = new URL(path, 'https://memory.test')
  const resource = (Object.keys(resources) as ResourceName[]).find((it) => partsBelow(url, it)) // its own keys
  if (!resource) return undefined
  const [namespace = '', name = '', sub] = partsBelow(url, resource) ?? []
  return { verb: name ? 'get' : 'list', resource, namespace, name, log: sub === 'log', query: url.searchParams }
}

/** Namespace, name and subresource. undefined: the path is not the resource's. */
function partsBelow({ pathname }: URL, resource: ResourceName): readonly string[] | undefined {
  const { api } = resources[resource]
  if (!pathname.startsWith(`${api}/`)) return undefined
  const parts = pathname
    .slice(api.length + 1)
    .split('/')
    .map(decodeURIComponent)
  const placed = parts[0] === 'namespaces' && parts.length > 2 ? parts.slice(1) : ['', ...parts]
  return placed[1] === resource ? [placed[0] ?? '', ...placed.slice(2)] : undefined
}

function applies(rule: Rule, { verb, resource, namespace, log }: Asked): boolean {
  if (rule.verb !== verb || rule.resource !== (log ? 'pods/log' : resource)) return false
  return !rule.namespace || !namespace || rule.namespace === namespace
}

function page(resource: ResourceName, here: readonly StoredObject[], query: URLSearchParams): Answer {
  const labels = pairsOf(query.get('labelSelector'))
  const fields = pairsOf(query.get('fieldSelector'))
  const refused = fields.map(([field]) => refusedField(resource, field)).find((it) => it !== undefined)
  if (refused) return status(400, refused)
  const found = here.filter(
    (it) =>
      labels.every(([key, value]) => it.metadata.labels[key] === value) &&
      fields.every(([field, value]) => fieldOf(it, field) === value),
  )
  const from = Number(query.get('continue') ?? 0)
  const to = from + Number(query.get('limit') ?? found.length)
  const metadata = to < found.length ? { continue: String(to) } : {}
  return { status: 200, body: JSON.stringify({ kind: 'List', metadata, items: found.slice(from, to) }) }
}

function pairsOf(selector: string | null): readonly (readonly [key: string, value: string])[] {
  const pairs = selector ? selector.split(/(?<!\\),/) : []
  return pairs.map((pair) => {
    const at = pair.indexOf('=')
    return [pair.slice(0, at), pair.slice(at + 1).replaceAll(/\\(.)/g, '$1')]
  })
}

function tail(log: string, query: URLSearchParams): string {
  const lines = log.split('\n').slice(-Number(query.get('tailLines')) - (log.endsWith('\n') ? 1 : 0))
  return lines.join('\n').slice(0, Number(query.get('limitBytes')))
}

/** In the words of Kubernetes 1.36.3, which takes a selected name for the name of what is asked. */
function forbidden({ verb, resource, namespace, name, log, query }: Asked): Answer {
  const selected = pairsOf(query.get('fieldSelector')).find(([field]) => field === 'metadata.name')?.[1]
  const subject = name || selected ? `${groupResource(resource)} "${name || selected}"` : groupResource(resource)
  const what = `resource "${resource}${log ? '/log' : ''}" in API group "${groupOf(resource)}"`
  const place = namespace ? `in the namespace "${namespace}"` : 'at the cluster scope'
  const user = 'system:serviceaccount:imagepull:imagepull'
  return status(403, `${subject} is forbidden: User "${user}" cannot ${verb} ${what} ${place}`, name)
}

/** `apps`; empty for the core group. */
function groupOf(resource: ResourceName): string {
  const { api } = resources[resource]
  return api === '/api/v1' ? '' : (api.split('/')[2] ?? '')
}

/** `deployments.apps`: what the API server calls a resource that is not of the core group. */
function groupResource(resource: ResourceName): string {
  return [resource, groupOf(resource)].filter(Boolean).join('.')
}

function status(code: number, message: string, name?: string): Answer {
  return { status: code, body: JSON.stringify({ kind: 'Status', code, message, details: name ? { name } : {} }) }
}

function untilAborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
