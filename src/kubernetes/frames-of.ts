import { on } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { type ClientOptions, WebSocket } from 'ws'
import { errorOfAnswer } from './error-of-answer.ts'

/** Binary frames until the server closes. Throws ClusterError for an answer that is no upgrade, else what the socket throws. */
export async function* framesOf(
  { url, protocols, asked }: { readonly url: string; readonly protocols: readonly string[]; readonly asked: string },
  options: ClientOptions,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const socket = new WebSocket(url, [...protocols], { ...options, handshakeTimeout: 10_000 })
  socket.binaryType = 'nodebuffer'
  socket.on('unexpected-response', async (_request, response: IncomingMessage) => {
    const body = await text(response).catch(() => '')
    socket.emit('error', errorOfAnswer({ status: response.statusCode ?? 0, body }, asked))
  })
  try {
    for await (const [data, binary] of on(socket, 'message', { close: ['close'], ...(signal && { signal }) }))
      if (binary) yield data
  } finally {
    socket.on('error', () => {}) // of a handshake that is given up
    socket.terminate()
  }
}
