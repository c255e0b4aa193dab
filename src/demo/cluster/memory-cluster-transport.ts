import { ClusterError } from '../../kubernetes/cluster-error.ts'
import type { Answer, Question, Transport } from '../../kubernetes/transport.ts'
import type { HandleApi } from './api/api-request.ts'

/** The way to an API server in memory: no network, the same paths and JSON. */
export function memoryClusterTransport(handle: HandleApi): Transport {
  async function send({ method = 'GET', path, body, accept = '*/*' }: Question, signal?: AbortSignal): Promise<Answer> {
    const headers = { accept, ...(body && { 'content-type': body.type }) }
    return handle({ method, path, headers, body: body?.content ?? '', signal })
  }

  /** Nothing runs in this cluster. */
  async function* frames(_path: string, _protocols: readonly string[], asked: string): AsyncGenerator<never> {
    yield* []
    throw new ClusterError('not-served', asked, `the API server in memory runs no programs (${asked})`)
  }

  return { address: 'https://memory.test:6443', send, frames }
}
