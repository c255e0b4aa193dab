import { on } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { type ClientOptions, WebSocket } from 'ws'
import { z } from 'zod'
import type { ExecOptions, ExecResult } from '../cluster.ts'
import { ClusterError, toAnswerError, toFailureError } from '../errors.ts'
import type { Transport } from './transport.ts'

/** The first byte of each frame: https://github.com/kubernetes/apimachinery, pkg/util/remotecommand/constants.go */
const channels = { output: 1, errors: 2, result: 3 } as const
// Kubernetes before 1.30 knows only the older one. What is read here is the same in both.
const protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io']

const resultSchema = z.object({
  status: z.string(),
  message: z.string().default(''),
  details: z
    .object({ causes: z.array(z.object({ reason: z.string(), message: z.string() })).default([]) })
    .default({ causes: [] }),
})

/** Throws ClusterError where the program's end is not known. */
export async function exec(transport: Transport, of: ExecOptions, signal?: AbortSignal): Promise<ExecResult> {
  const asked = `exec in ${of.namespace}/${of.pod}`
  const frames = transport.frames(pathOf(of), protocols, asked, signal)
  const received = await collect(frames, of.limitBytes, asked).catch((thrown) => {
    throw toFailureError(thrown, asked, transport.address, signal)
  })
  const told = (channel: number): string => Buffer.concat(received.get(channel) ?? []).toString('utf8')
  const result = resultSchema.safeParse(parsed(told(channels.result))).data
  if (!result) throw new ClusterError('invalid-answer', asked, `the API server does not say how it ended (${asked})`)
  const code = result.details.causes.find(({ reason }) => reason === 'ExitCode')?.message
  const exitCode = result.status === 'Success' ? 0 : code === undefined ? undefined : Number(code)
  return { output: told(channels.output), errors: told(channels.errors) || result.message, exitCode }
}

async function collect(
  frames: AsyncIterable<Uint8Array>,
  limit: number,
  asked: string,
): Promise<ReadonlyMap<number, Uint8Array[]>> {
  const received = new Map<number, Uint8Array[]>()
  let size = 0
  for await (const frame of frames) {
    const [channel = 0] = frame
    size += frame.length
    if (size > limit) throw new ClusterError('invalid-answer', asked, `more than ${limit} bytes of output (${asked})`)
    const frames = received.get(channel) ?? []
    frames.push(frame.subarray(1))
    received.set(channel, frames)
  }
  return received
}

function pathOf({ namespace, pod, container, command }: ExecOptions): string {
  const query = new URLSearchParams({ stdout: 'true', stderr: 'true' })
  if (container) query.set('container', container)
  for (const argument of command) query.append('command', argument)
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/exec?${query}`
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

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
    socket.emit('error', toAnswerError({ status: response.statusCode ?? 0, body }, asked))
  })
  try {
    for await (const [data, binary] of on(socket, 'message', { close: ['close'], ...(signal && { signal }) }))
      if (binary) yield data
  } finally {
    socket.on('error', () => {}) // of a handshake that is given up
    socket.terminate()
  }
}
