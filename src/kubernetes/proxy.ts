import type { ApiServer } from './api-server.ts'
import type { ProxyAnswer, ProxyOptions } from './cluster.ts'
import { ClusterError } from './cluster-error.ts'
import { errorOfAnswer } from './error-of-answer.ts'
import { statusBody } from './status-body.ts'

const everyStatus = Array.from({ length: 500 }, (_, at) => at + 100)

/**
 * What comes back is the Service's own answer, unless the API server speaks for itself: with a `Status`, or with its
 * words for a Service that it cannot reach. Throws ClusterError then.
 */
export async function proxy(server: ApiServer, of: ProxyOptions, signal?: AbortSignal): Promise<ProxyAnswer> {
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
  if (says) throw errorOfAnswer(answer, asked)
  return { status, body, headers, path }
}

function pathOf({ service: { namespace, name, port, tls } }: ProxyOptions): string {
  const target = `${tls ? 'https:' : ''}${encodeURIComponent(name)}:${port}`
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/services/${target}/proxy`
}
