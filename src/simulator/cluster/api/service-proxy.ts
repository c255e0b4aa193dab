import { request as ask } from 'undici'
import { resources } from '../../../kubernetes/resources.ts'
import type { ApiAddress } from './address.ts'
import { type ApiAnswer, type ApiRequest, notFoundAnswer, statusAnswer } from './answers.ts'
import type { ApiContext, ObjectStore } from './store.ts'

/** Forwards services/[SCHEME:]NAME:PORT/proxy/… to a ready pod of the Service, and returns its answer unchanged. */
export async function proxyToService(
  context: ApiContext,
  address: ApiAddress,
  request: ApiRequest,
): Promise<ApiAnswer> {
  const { name, port } = target(address.name)
  const object = context.store.get('services', { namespace: address.namespace, name })
  if (!object) return notFoundAnswer('services', name)
  const { spec } = resources.services.schema.parse(object)
  const served = spec.ports.find((it) => String(it.port) === port || it.name === port || port === '')
  if (!served) return statusAnswer(503, `no service port ${port} found for service "${name}"`)
  const [endpoint] = readyEndpoints(context.store, address.namespace, name, served.name)
  if (!endpoint) return statusAnswer(503, `no endpoints available for service "${address.name}"`)
  const loopback = context.options.nodes?.portOf(endpoint.address, endpoint.port)
  return passOn(loopback, `${endpoint.address}:${endpoint.port}`, address, request)
}

/** `https:registry:5000`, `registry:http`, `registry`. */
function target(written: string): { readonly name: string; readonly port: string } {
  const parts = written.split(':')
  const [name = '', port = ''] = parts.length === 3 ? parts.slice(1) : parts
  return { name, port }
}

async function passOn(
  port: number | undefined,
  shown: string,
  { rest, query }: ApiAddress,
  { method, headers, body, signal }: ApiRequest,
): Promise<ApiAnswer> {
  const unreachable = `error trying to reach service: dial tcp ${shown}: connect: connection refused`
  const text = { status: 502, headers: { 'content-type': 'text/plain' }, body: unreachable }
  if (port === undefined) return text
  try {
    const answer = await ask(`http://127.0.0.1:${port}${rest}${query.size > 0 ? `?${query}` : ''}`, {
      method: method as 'GET', // undici's union of methods
      headers: {
        accept: headers.accept ?? '*/*',
        ...(headers['content-type'] && { 'content-type': headers['content-type'] }),
      },
      ...(body && { body }),
      signal: signal ?? null,
    })
    const flat = Object.entries(answer.headers).map(([key, value]) => [key, String(value)])
    return { status: answer.statusCode, headers: Object.fromEntries(flat), body: await answer.body.text() }
  } catch (error) {
    if (signal?.aborted) throw error
    return text
  }
}

export interface Endpoint {
  readonly address: string
  readonly port: number
}

/** Finds the ready endpoints of a Service's port in its EndpointSlices. */
export function readyEndpoints(
  store: ObjectStore,
  namespace: string,
  service: string,
  portName: string,
): readonly Endpoint[] {
  const slices = store
    .list('endpointslices', namespace)
    .filter(({ metadata }) => metadata.labels['kubernetes.io/service-name'] === service)
    .map((it) => resources.endpointslices.schema.parse(it))
  return slices.flatMap(({ endpoints, ports }) => {
    const port = ports.find((it) => (it.name ?? '') === portName)?.port
    const ready = endpoints.filter(({ conditions }) => conditions.ready !== false)
    return port ? ready.flatMap(({ addresses }) => addresses.map((address) => ({ address, port }))) : []
  })
}
