import type { IncomingMessage, RequestListener } from 'node:http'
import { buffer } from 'node:stream/consumers'
import type { HandleRegistry, RegistryRequest } from './registry-request.ts'

/** A registry, over HTTP. `source`: the address that its clients seem to have. */
export function registryListener(handle: HandleRegistry, source = '203.0.113.1'): RequestListener {
  return async (request, response) => {
    const answer = await handle(await read(request, source))
    const body = answer.body ?? Buffer.alloc(0)
    response.writeHead(answer.status, { ...answer.headers, 'content-length': body.length })
    response.end(request.method === 'HEAD' ? undefined : body)
  }
}

async function read(request: IncomingMessage, source: string): Promise<RegistryRequest> {
  const { method = 'GET', url = '/', headers } = request
  const scheme = 'encrypted' in request.socket ? 'https' : 'http'
  const flat = Object.entries(headers).map(([name, value]) => [name, String(value)])
  return {
    method,
    url: new URL(url, `${scheme}://${headers.host}`),
    headers: Object.fromEntries(flat),
    body: await buffer(request),
    source,
  }
}
