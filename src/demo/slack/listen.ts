import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { answerCall } from './answer-call.ts'
import { answerHook } from './answer-hook.ts'
import type { Platform } from './platform.ts'
import { readBody } from './read-body.ts'
import type { Reply } from './reply.ts'

const notFound: Reply = { kind: 'answer', status: 404, body: 'Not Found' }
const tooLarge: Reply = { kind: 'answer', status: 413, body: 'Payload Too Large' }

/** Everything that an app may ask Slack for. It listens on 127.0.0.1 only, and answers once there is a platform. */
export async function listen(port: number, platform: Promise<Platform>): Promise<Server> {
  const server = createServer((request, response) => {
    platform
      .then((ready) => handle(ready, request))
      .catch((error: unknown): Reply => ({ kind: 'answer', status: 500, body: String(error) }))
      .then((reply) => send(response, reply))
  })
  server.on('upgrade', async (request, socket, head) => {
    const { socketMode } = await platform
    socketMode.upgrade(request, socket, head)
  })
  const listening = Promise.withResolvers<void>()
  server.once('error', listening.reject)
  server.listen(port, '127.0.0.1', listening.resolve)
  await listening.promise
  return server
}

async function handle(platform: Platform, request: IncomingMessage): Promise<Reply> {
  const { pathname } = new URL(request.url ?? '/', 'http://local')
  const body = await readBody(request)
  if (body === undefined) return tooLarge
  if (request.method !== 'POST') return notFound
  if (/^\/(?:commands|actions)\//.test(pathname)) return answerHook(platform, pathname, body)
  const method = /^\/api\/([\w.]+)$/.exec(pathname)?.[1]
  if (!method) return notFound
  const { authorization = '', 'content-type': contentType = '' } = request.headers
  return answerCall(platform, { method, body, contentType, authorization })
}

function send(response: ServerResponse, reply: Reply): void {
  if (reply.kind === 'hang') return
  if (reply.kind === 'reset') {
    response.socket?.resetAndDestroy()
    return
  }
  const isText = typeof reply.body === 'string'
  const type = isText ? 'text/plain' : 'application/json; charset=utf-8'
  response.writeHead(reply.status, { 'content-type': type, ...reply.headers })
  response.end(isText ? reply.body : JSON.stringify(reply.body))
}
