import type { IncomingMessage, ServerResponse } from 'node:http'
import { readBody } from '../slack/read-body.ts'
import { type Act, actSchema } from './act.ts'
import type { Stream } from './create-stream.ts'
import { indexPage, pagePolicy } from './index-page.ts'
import type { Outcome } from './outcome.ts'
import type { Assets } from './read-assets.ts'
import { refusalOf } from './refusal-of.ts'

/** Bytes. A filled-in modal is far below. */
const largestBody = 64 * 1024

const securityHeaders = {
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

export interface Parts {
  readonly assets: Assets
  /** The project's README, as it is. */
  readonly readme: string
  readonly stream: Stream
  perform(act: Act): Promise<Outcome>
}

/** Everything that the browser asks for. */
export async function answerRequest(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value)
  response.setHeader('content-security-policy', pagePolicy)
  const refused = refusalOf(request)
  if (refused !== undefined) send(response, refused, 'text/plain', 'This is for the page of the demo alone.\n')
  else if (request.method === 'POST') await answerPost(parts, request, response)
  else answerGet(parts, request, response)
}

function answerGet({ assets, readme, stream }: Parts, request: IncomingMessage, response: ServerResponse): void {
  const pathname = URL.parse(request.url ?? '/', 'http://local')?.pathname ?? ''
  const asset = assets.get(pathname)
  if (asset) send(response, 200, asset.type, asset.body)
  else if (pathname === '/' || pathname.startsWith('/archives/'))
    send(response, 200, 'text/html; charset=utf-8', indexPage)
  else if (pathname === '/events') stream.open(response)
  else if (pathname === '/README.md') send(response, 200, 'text/plain; charset=utf-8', readme)
  else send(response, 404, 'text/plain', 'Not Found\n')
}

async function answerPost({ perform }: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url !== '/acts') return send(response, 404, 'text/plain', 'Not Found\n')
  const body = await readBody(request, largestBody)
  if (body === undefined) return send(response, 413, 'text/plain', 'Payload Too Large\n')
  const act = actSchema.safeParse(parsedOrNot(body))
  if (!act.success) return send(response, 400, 'text/plain', 'This is nothing that the viewer could do.\n')
  send(response, 200, 'application/json', JSON.stringify(await perform(act.data)))
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type }).end(body)
}

function parsedOrNot(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
