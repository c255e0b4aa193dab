import { type LookupAddress, lookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { checkServerIdentity, getCACertificates, type PeerCertificate } from 'node:tls'
import { promisify } from 'node:util'
import { buildConnector, Client, type Dispatcher } from 'undici'
import { redact } from '../../secret.ts'
import { RegistryError, transportFailure } from '../errors.ts'
import type { Pace } from '../manners/pace.ts'
import { type ContactPolicy, isLocal, refusedAlways } from './contact-policy.ts'
import { isPublicName } from './public-registries.ts'

/** Where to connect. `port`: where something else than the URL's own port stands for it. */
export interface Resolved extends LookupAddress {
  readonly port?: number
}

/** Names and addresses alike; an address mostly stands for itself. */
export type Resolve = (hostname: string, port: number) => Promise<readonly Resolved[]>

export interface HttpAnswer {
  readonly url: URL
  readonly status: number
  /** In lower case; of a repeated header the values joined with a comma. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  /** Of a POST. */
  readonly body?: string
  /** Goes to this URL's origin alone: a redirect to another one loses it. */
  readonly authorization?: string
  /** Bytes of the body. */
  readonly limit: number
  readonly redirects: number
  /** The registry that is asked, as `URL.host` has it: where it leads is judged by it. */
  readonly registry: string
  /** The fingerprint of the login that is sent; empty: none. */
  readonly login: string
  readonly signal?: AbortSignal | undefined
}

export interface GuardedHttp {
  /** Throws RegistryError if no answer arrives. */
  send(request: HttpRequest): Promise<HttpAnswer>
  /** Whether a credential may go there in clear text: every address of it is private or loopback. */
  isLocal(url: URL, registry: string): Promise<boolean>
  /** Closes the connections: idle ones now, and busy ones after their request, which another client may wait for. */
  close(): void
  readonly requests: number
}

const redirected: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])
/**
 * Milliseconds. `name` and `connect`: a first packet that is lost is sent again after a second, so that one loss is
 * survived; whoever waits longer learns nothing, as a registry that is silent from here is no finding. `whole`: of one
 * request with its answer, however slowly that drips.
 */
export const usualTimeouts = { name: 2_000, connect: 1_800, headers: 10_000, body: 10_000, whole: 15_000 }
export type Timeouts = Readonly<typeof usualTimeouts>

export const systemResolve: Resolve = (hostname) => promisify(lookup)(hostname, { all: true })

/** Limits a resolver in time. The system's own may take over 10 s and cannot be cancelled. */
function inTime(resolve: Resolve, ms: number): Resolve {
  return (hostname, port) => resolvedWithin(ms, resolve(hostname, port), hostname)
}

async function resolvedWithin(ms: number, resolving: ReturnType<Resolve>, hostname: string): ReturnType<Resolve> {
  const stop = new AbortController()
  const late = sleep(ms, undefined, { signal: stop.signal }).then(() => {
    throw Object.assign(new Error(`no answer to ${hostname}`), { code: 'EAI_AGAIN' })
  })
  return Promise.race([resolving, late]).finally(() => {
    late.catch(() => {})
    stop.abort()
  })
}

export interface GuardedHttpOptions {
  readonly policy: ContactPolicy
  readonly resolve: Resolve
  readonly pace: Pace
  /** Milliseconds; where none is given, the usual ones. */
  readonly timeouts?: Partial<Timeouts> | undefined
}

/**
 * HTTP to whom the policy allows, as fast as the pace allows. A name is resolved once, every address is checked, and connections go to the one that
 * was checked, so that a name cannot mean another address later. Redirects are followed by hand, each checked again.
 */
export function guardedHttp({ policy, resolve, pace, timeouts: limits }: GuardedHttpOptions): GuardedHttp {
  const timeouts = { ...usualTimeouts, ...limits }
  const addresses = new Map<string, Promise<Places>>()
  const clients = new Map<string, Promise<Client>>()
  let requests = 0
  let running = 0
  let closing = false

  function addressesOf(url: URL, registry: string): Promise<Places> {
    return remembered(addresses, `${registry} ${url.origin}`, () =>
      checkedAddresses(url, registry, policy, inTime(resolve, timeouts.name)),
    )
  }

  function clientFor(url: URL, registry: string): Promise<Client> {
    return remembered(clients, `${registry} ${url.origin}`, () =>
      addressesOf(url, registry).then((places) => connect(url, places, tlsFor(url, policy), timeouts)),
    )
  }

  async function once(request: HttpRequest): Promise<HttpAnswer> {
    const { method, url, headers, body, authorization, limit, signal, registry, login } = request
    const asked = `${method} ${shown(url)}`
    const asker = { host: url.host, login: authorization ? login : '', method }
    await pace.turn(asker, asked, signal ?? new AbortController().signal)
    const whole = AbortSignal.timeout(timeouts.whole)
    requests += 1
    try {
      const client = await clientFor(url, registry)
      const path = `${url.pathname}${url.search}`
      const all = { ...headers, ...(authorization && { authorization }) }
      const answer = await client.request({
        method,
        path,
        headers: all,
        ...(body !== undefined && { body }),
        signal: AbortSignal.any([whole, ...(signal ? [signal] : [])]),
      })
      const told = flat(answer.headers)
      pace.answered(asker, answer.statusCode, told)
      return {
        url,
        status: answer.statusCode,
        headers: told,
        body: await read(answer.body, limit, asked),
      }
    } catch (error) {
      if (error instanceof RegistryError) throw error
      throw transportFailure(whole.aborted ? tooSlow : error, url.host, asked, signal)
    }
  }

  function closeIfIdle(): void {
    if (!closing || running > 0) return
    for (const client of clients.values()) client.then((it) => it.close()).catch(() => undefined)
    clients.clear()
  }

  async function counted(request: HttpRequest): Promise<HttpAnswer> {
    running += 1
    try {
      return await once(request)
    } finally {
      running -= 1
      closeIfIdle()
    }
  }

  async function send(request: HttpRequest): Promise<HttpAnswer> {
    const answer = await counted(request)
    const location = answer.headers.location
    if (!redirected.has(answer.status) || !location) return answer
    const asked = `${request.method} ${shown(request.url)}`
    if (request.redirects === 0) throw new RegistryError('too-many-redirects', asked, `too many redirects: ${asked}`)
    return send(follow(request, location, asked))
  }

  return {
    send,
    isLocal: async (url, registry) => (await addressesOf(url, registry)).every(({ address }) => isLocal(address)),
    close() {
      closing = true
      closeIfIdle()
    },
    get requests() {
      return requests
    },
  }
}

const tooSlow = Object.assign(new Error('the answer took too long'), { code: 'ETIMEDOUT' })

/** Caches a promise. A rejected one is dropped, so that the next call tries again. */
function remembered<T>(known: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const value = known.get(key) ?? make()
  known.set(key, value)
  value.catch(() => known.delete(key))
  return value
}

function follow(request: HttpRequest, location: string, asked: string): HttpRequest {
  const url = URL.canParse(location, request.url.href) ? new URL(location, request.url) : undefined
  if (!url || !/^https?:$/.test(url.protocol))
    throw new RegistryError('invalid-answer', asked, `redirected to no HTTP address: ${asked}`)
  if (request.url.protocol === 'https:' && url.protocol === 'http:') {
    throw new RegistryError(
      'not-allowed',
      asked,
      `redirected from HTTPS to plain HTTP, which was not followed: ${asked}`,
    )
  }
  const { authorization, ...rest } = request
  const same = url.origin === request.url.origin
  return { ...rest, url, redirects: request.redirects - 1, ...(same && authorization && { authorization }) }
}

/** At least one. */
type Places = readonly [Resolved, ...Resolved[]]

async function checkedAddresses(url: URL, registry: string, policy: ContactPolicy, resolve: Resolve): Promise<Places> {
  const hostname = hostnameOf(url)
  if (url.protocol === 'http:' && isPublicName(hostname)) throw notContacted(url, 'a public registry is asked over TLS')
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
  const found = await resolve(hostname, port).catch((error: unknown) => {
    throw transportFailure(error, url.host, `connect to ${url.host}`, undefined)
  })
  const [first, ...others] = found
  // An address that is written is refused as itself too, whatever a resolver makes of it.
  const refusals = await Promise.all(
    found.map(({ address }) => refusedAlways(address) ?? policy.refuses(url.host, address, registry)),
  )
  const refused = [refusedAlways(hostname), ...refusals].find((it) => it !== undefined)
  if (refused) throw notContacted(url, refused)
  if (!first) throw new RegistryError('name-not-resolved', `connect to ${url.host}`, `${url.host} has no address`)
  return [first, ...others]
}

function notContacted({ host }: URL, why: string): RegistryError {
  return new RegistryError('not-allowed', `connect to ${host}`, `${host} was not contacted: ${why}`)
}

interface TlsSettings {
  readonly checkServerIdentity: (host: string, certificate: PeerCertificate) => Error | undefined
  readonly ca?: string[]
  readonly cert?: string
  readonly key?: string
}

/** Who is trusted, and what imagepull shows of itself. The certificate has to be the URL's host's, wherever it is. */
function tlsFor(url: URL, policy: ContactPolicy): TlsSettings {
  const host = hostnameOf(url)
  const ca = policy.ca?.(url.host)
  const own = policy.clientCertificate?.(url.host)
  return {
    checkServerIdentity: (_, certificate) => checkServerIdentity(host, certificate),
    ...(ca && { ca: [...getCACertificates('default'), ca] }),
    ...(own && { cert: own.certificate, key: own.key.reveal() }),
  }
}

/**
 * To those addresses, one after the other until one answers, and to no other; its certificate is still the URL's host's.
 * Node itself tries the next one of a list after a quarter of a second.
 */
function connect(url: URL, places: Places, tls: TlsSettings, timeouts: Timeouts): Client {
  const host = hostnameOf(url)
  const [{ address, family, port }] = places
  const pinned: LookupFunction = (_hostname, options, callback) =>
    options.all ? callback(null, [...places]) : callback(null, address, family)
  const connector = buildConnector({ ...tls, lookup: pinned, timeout: timeouts.connect })
  // No lookup is made for what is an address already.
  const place = { ...(isIP(host) && { hostname: address }), ...(port && { port: String(port) }) }
  return new Client(url.origin, {
    connect: (options, callback) => connector({ ...options, ...place }, callback),
    headersTimeout: timeouts.headers,
    bodyTimeout: timeouts.body,
  })
}

/** An IPv6 address without its brackets. */
function hostnameOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '')
}

async function read(body: Dispatcher.ResponseData['body'], limit: number, asked: string): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > limit) throw new RegistryError('too-large', asked, `the answer is larger than ${limit} bytes: ${asked}`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function flat(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  )
}

/** For people and logs: without what a query may carry. */
export function shown(url: URL): string {
  return redact(`${url.origin}${url.pathname}`)
}
