import type { Cluster, ExecResult } from '../../kubernetes/cluster.ts'
import { RegistryError } from '../errors.ts'
import type { AccessRoute, RouteAnswer, RouteRequest } from './route.ts'

/**
 * Runs wget in the registry's own pod. The answer shows what the registry holds, and proves nothing about the network
 * path to it. Both BusyBox's and GNU's `wget -S` write the status and headers to standard error.
 */
export function createExecRoute(cluster: Cluster): AccessRoute {
  return async (request) => {
    const { namespace, pod, port } = await endpointOf(cluster, request)
    const url = `${request.service.tls ? 'https' : 'http'}://localhost:${port}${request.path}`
    const command = ['wget', '-S', '-q', '-O', '-', '--header', `Accept: ${request.accept}`, url]
    const result = await cluster
      .exec({ namespace, pod, command, limitBytes: request.limit }, request.signal)
      .catch((error: unknown) => {
        const words = error instanceof Error ? error.message : String(error)
        throw failure(request, `pod ${namespace}/${pod} could not be asked about itself: ${words}`, error)
      })
    const asked = `${url.replace(/\?.*$/s, '')} in pod ${namespace}/${pod}, the registry about itself`
    return answerOf(result, asked, request)
  }
}

interface Endpoint {
  readonly namespace: string
  readonly pod: string
  readonly port: number
}

/** A ready pod behind the Service's port, by its EndpointSlices. */
async function endpointOf(cluster: Cluster, request: RouteRequest): Promise<Endpoint> {
  const { namespace, name, port } = request.service
  const labels = { 'kubernetes.io/service-name': name }
  const [service, slices] = await Promise.all([
    cluster.get('services', { namespace, name }, request.signal),
    cluster.list('endpointslices', { namespace, labels }, request.signal),
  ])
  const portName = service?.spec.ports.find((it) => it.port === port)?.name ?? ''
  const found = slices.items.flatMap((slice) => {
    const number = slice.ports.find((it) => (it.name ?? '') === portName)?.port
    const ready = slice.endpoints.find((it) => it.conditions.ready !== false && it.targetRef?.kind === 'Pod')
    return number && ready?.targetRef ? [{ namespace, pod: ready.targetRef.name, port: number }] : []
  })
  if (!found[0]) throw failure(request, `no ready pod is behind the Service ${namespace}/${name}`)
  return found[0]
}

function answerOf({ output, errors, exitCode }: ExecResult, asked: string, request: RouteRequest): RouteAnswer {
  const blocks = errors.split(/^\s*HTTP\/\d(?:\.\d)? /m)
  const last = blocks.length > 1 ? blocks.at(-1) : undefined
  const status = Number(last?.slice(0, 3))
  if (!last || !(status >= 100)) {
    const why = exitCode === undefined ? `its pod has no wget (${errors.trim()})` : errors.trim()
    throw failure(request, `the registry's pod gave no answer about itself: ${why}`)
  }
  const headers = last.split('\n').flatMap((line) => {
    const match = /^\s+([A-Za-z0-9-]{1,100}): (.{0,8000})$/.exec(line.replace(/\r$/, ''))
    return match?.[1] && match[2] !== undefined ? [[match[1].toLowerCase(), match[2]] as const] : []
  })
  return { status, headers: Object.fromEntries(headers), body: output, asked }
}

function failure({ method, path }: RouteRequest, message: string, cause?: unknown): RegistryError {
  return new RegistryError('unreachable', `${method} ${path}`, message, { cause })
}
