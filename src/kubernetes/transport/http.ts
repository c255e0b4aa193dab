import { addAbortListener } from 'node:events'
import { StringDecoder } from 'node:string_decoder'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { Agent, type Dispatcher, ProxyAgent, request } from 'undici'
import { credentials, type Login } from '../credentials.ts'
import { ClusterError, toAnswerError, toFailureError } from '../errors.ts'
import type { Kubeconfig } from '../kubeconfig.ts'
import { framesOf } from './exec.ts'
import { type Outcome, retryPause } from './retry.ts'
import type { Answer, Question, Transport } from './transport.ts'

/** Asks until there is an answer that stands. Throws ClusterError. */
export interface ApiServer {
  /** The answer if its status is one of `expected`; any other is thrown. */
  ask(question: Question, expected: readonly number[], signal?: AbortSignal): Promise<Answer>
  /** Requests sent so far, repeated ones too. */
  readonly requests: number
}

export function apiServer(transport: Transport): ApiServer {
  let requests = 0

  async function attempt(question: Question, signal?: AbortSignal): Promise<Outcome> {
    requests += 1
    try {
      return await transport.send(question, signal)
    } catch (thrown) {
      return { thrown }
    }
  }

  async function settle(question: Question, signal?: AbortSignal): Promise<Answer> {
    signal?.throwIfAborted()
    for (let attempts = 1; ; attempts++) {
      const outcome = await attempt(question, signal)
      const stands = signal?.aborted || (question.passedOn && 'status' in outcome)
      const pause = stands || !mayRepeat(question, outcome) ? undefined : retryPause(outcome, attempts)
      if (pause !== undefined) await sleep(pause, undefined, { ...(signal && { signal }) })
      else if ('thrown' in outcome) throw outcome.thrown
      else return outcome
    }
  }

  async function ask(question: Question, expected: readonly number[], signal?: AbortSignal): Promise<Answer> {
    const answer = await settle(question, signal).catch((thrown) => {
      throw toFailureError(thrown, question.asked, transport.address, signal)
    })
    if (expected.includes(answer.status)) return answer
    throw toAnswerError(answer, question.asked)
  }

  return {
    ask,
    get requests() {
      return requests
    },
  }
}

/** A write whose answer was lost may have taken effect. One that was turned away (429) has not. */
function mayRepeat({ method = 'GET', repeatable }: Question, outcome: Outcome): boolean {
  const read = method === 'GET' || method === 'HEAD'
  return (repeatable ?? read) || ('status' in outcome && outcome.status === 429)
}

/**
 * Over HTTP/2, which every API server speaks, all requests share one TLS connection; a proxy that speaks only HTTP/1.1
 * gets a few. The client library opens one for each request, so its requests are not used.
 */
export function httpTransport(config: Kubeconfig): Transport {
  const { cluster } = config
  const address = cluster.server.replace(/\/+$/, '')
  const logIn = credentials(config)
  let current: { readonly tls: Login['tls']; readonly dispatcher: Dispatcher } | undefined
  let pending: Promise<Login> | undefined

  /** One dispatcher for life, unless the client certificate is renewed. */
  function dispatcherFor(tls: Login['tls']): Dispatcher {
    if (!current || !isDeepStrictEqual(current.tls, tls)) {
      void current?.dispatcher.close()
      current = { tls, dispatcher: connect(tls, cluster['proxy-url']) }
    }
    return current.dispatcher
  }

  /** Requests that begin together log in once: a plugin is a process, and may ask a person. */
  async function loggedIn(asked: string, signal: AbortSignal | undefined): Promise<Login> {
    pending ??= logIn().finally(() => {
      pending = undefined
    })
    const login = pending.catch((error) => {
      throw withoutCredentials(error, asked)
    })
    return orAborted(login, signal)
  }

  async function send(question: Question, signal?: AbortSignal): Promise<Answer> {
    const { method = 'GET', path, body: sent, accept = 'application/json, */*', asked, limitBytes } = question
    const { headers, tls } = await loggedIn(asked, signal)
    const answer = await request(address + path, {
      method,
      headers: { ...headers, accept, ...(sent && { 'content-type': sent.type }) },
      ...(sent && { body: sent.content }),
      dispatcher: dispatcherFor(tls),
      signal: signal ?? null,
    })
    const retryAfter = Number(answer.headers['retry-after'] ?? Number.NaN)
    const body = await read(answer.body, limitBytes, asked)
    return {
      status: answer.statusCode,
      body,
      headers: flat(answer.headers),
      ...(retryAfter >= 0 && { retryAfter }),
    }
  }

  async function* lines({ path, asked, limitBytes }: Question, signal?: AbortSignal): AsyncGenerator<string> {
    const { headers, tls } = await loggedIn(asked, signal)
    const answer = await request(address + path, {
      headers: { ...headers, accept: 'application/json' },
      dispatcher: dispatcherFor(tls),
      signal: signal ?? null,
      bodyTimeout: limits.quiet,
    })
    if (answer.statusCode === 200) yield* linesOf(answer.body, limitBytes, asked)
    else throw toAnswerError({ status: answer.statusCode, body: await read(answer.body, limitBytes, asked) }, asked)
  }

  async function* frames(path: string, protocols: readonly string[], asked: string, signal?: AbortSignal) {
    const { headers, tls } = await loggedIn(asked, signal)
    const url = address.replace(/^http/, 'ws') + path
    const options = { ...tls, headers: headers as Record<string, string> } // Node sends lists of values, too
    yield* framesOf({ url, protocols, asked }, options, signal)
  }

  return { address, send, lines, frames }
}

/**
 * Milliseconds; `connections` is for HTTP/1.1. A caller's signal mostly ends a request earlier. `quiet` is for a watch: the API
 * server sends a bookmark about every minute, so a longer silence means that the connection is lost.
 */
const limits = { connections: 6, connect: 10_000, silence: 60_000, quiet: 150_000 } as const

function connect(tls: Login['tls'], proxy: string | null | undefined): Dispatcher {
  const options = {
    allowH2: true,
    connections: limits.connections,
    headersTimeout: limits.silence,
    bodyTimeout: limits.silence,
  }
  return proxy
    ? new ProxyAgent({ ...options, uri: proxy, requestTls: tls })
    : new Agent({ ...options, connect: { ...tls, timeout: limits.connect } })
}

/** A plugin knows nothing of our time limit. */
async function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  using _ = addAbortListener(signal, () => reject(signal.reason))
  return await Promise.race([promise, aborted])
}

/** What a plugin writes may hold a token, and this message may go to a channel: its words are the cause's alone. */
function withoutCredentials(cause: unknown, asked: string): ClusterError {
  const why = 'its plugin or a file that it names fails'
  return new ClusterError('unauthorized', asked, `the kubeconfig's credentials cannot be had (${asked}): ${why}`, {
    cause,
  })
}

async function read(body: Dispatcher.ResponseData['body'], limit: number, asked: string): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > limit)
      throw new ClusterError('invalid-answer', asked, `the answer is larger than ${limit} bytes (${asked})`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Lines without their ends. An unfinished line at the end is dropped, because the answer broke off there. */
async function* linesOf(body: AsyncIterable<Buffer>, limit: number, asked: string): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  for await (const chunk of body) {
    const [first = '', ...more] = decoder.write(chunk).split('\n')
    const whole = [rest + first, ...more]
    rest = whole.pop() ?? ''
    yield* whole
    if (rest.length > limit)
      throw new ClusterError('invalid-answer', asked, `a line of the answer is larger than ${limit} bytes (${asked})`)
  }
}

function flat(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  )
}
