import type { RequestListener } from 'node:http'
import type { Transport } from '../../kubernetes/transport.ts'

/** An API server in memory, over HTTP. */
export function memoryClusterListener(memory: Transport): RequestListener {
  return async (request, response) => {
    const gone = new AbortController()
    response.on('close', () => gone.abort())
    const question = { path: request.url ?? '/', asked: '', limitBytes: Number.POSITIVE_INFINITY }
    const { status, body } = await memory.send(question, gone.signal).catch(() => ({ status: 499, body: '' }))
    response.writeHead(status, { 'content-type': 'application/json' }).end(body)
  }
}
