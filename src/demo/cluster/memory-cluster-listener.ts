import type { RequestListener } from 'node:http'
import { text } from 'node:stream/consumers'
import type { HandleApi } from './api/api-request.ts'

/** An API server in memory, over HTTP. */
export function memoryClusterListener(handle: HandleApi): RequestListener {
  return async (request, response) => {
    const gone = new AbortController()
    response.on('close', () => gone.abort())
    const { method = 'GET', url: path = '/' } = request
    const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)])
    const question = { method, path, headers: Object.fromEntries(headers), body: await text(request) }
    const answer = await handle({ ...question, signal: gone.signal }).catch(() => undefined)
    response.writeHead(answer?.status ?? 499, answer?.headers).end(answer?.body)
  }
}
