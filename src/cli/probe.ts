import { lookup } from 'node:dns/promises'
import { addAbortListener, once } from 'node:events'
import { type ClientRequest, request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { refusedAlways } from '../registry/http/contact-policy.ts'
import { CommandError, type ExitCode, type Io } from './errors.ts'

/** The result of one step on the way to a registry. */
interface Part {
  readonly ok: boolean
  readonly says: string
  /** Milliseconds. */
  readonly ms: number
}

const saysLimit = 300

/**
 * Tests the connection from this machine to a registry: DNS, TCP, TLS, and `GET /v2/`. Prints one line of JSON, which ends at
 * the first step that fails. Sends no credentials, and refuses addresses that never belong to a registry, such as metadata
 * services. `patience`: milliseconds for each step.
 */
export async function probe(host: string, io: Io, patience = 8_000): Promise<ExitCode> {
  const { name, port } = parse(host)
  const report: Record<string, string | Part> = { host }
  const step = async (id: string, work: (signal: AbortSignal) => Promise<string>): Promise<boolean> => {
    const part = await timed(work, patience)
    report[id] = part
    return part.ok
  }
  let address = name
  const reached =
    (isIP(name) > 0 ||
      (await step('dns', async (signal) => {
        address = await addressOf(name, signal)
        return address
      }))) &&
    (await step('tcp', (signal) => tcp(allowed(address), port, signal)))
  if (reached) {
    const plain = await speaksPlain(address, port, name, patience)
    const secure = !plain && (await step('tls', (signal) => tls(address, port, name, signal)))
    if (plain || secure) await step('http', (signal) => ask({ name, port, address, plain }, signal))
  }
  io.output.write(`${JSON.stringify(report)}\n`)
  return 0
}

function parse(host: string): { readonly name: string; readonly port: number } {
  const url = URL.parse(`https://${host}`)
  if (!url || url.host.replace(/:443$/, '') !== host.replace(/:443$/, ''))
    throw new CommandError(2, 'usage', 'probe takes a host with its port.', 'For example: probe registry.example:5000')
  return { name: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || 443) }
}

async function addressOf(name: string, signal: AbortSignal): Promise<string> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  using _ = addAbortListener(signal, () => reject(new AbortError()))
  return (await Promise.race([lookup(name), late])).address
}

/** Has the same code as Node's own AbortError. */
class AbortError extends Error {
  readonly code = 'ABORT_ERR'
}

function allowed(address: string): string {
  const refused = refusedAlways(address)
  if (refused) throw new Error(`not connected: ${refused}`)
  return address
}

async function timed(work: (signal: AbortSignal) => Promise<string>, patience: number): Promise<Part> {
  const began = performance.now()
  const done = (ok: boolean, says: string): Part => ({
    ok,
    says: says.slice(0, saysLimit),
    ms: Math.round(performance.now() - began),
  })
  try {
    return done(true, await work(AbortSignal.timeout(patience)))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === 'ABORT_ERR') return done(false, `no answer within ${patience / 1_000} s`)
    const words = error instanceof Error ? error.message : String(error)
    return done(false, (words.includes(code) ? words : `${code} ${words}`).trim())
  }
}

async function tcp(address: string, port: number, signal: AbortSignal): Promise<string> {
  using socket = disposable(connect({ host: address, port }))
  await once(socket.of, 'connect', { signal })
  return `${address}:${port}`
}

async function tls(address: string, port: number, name: string, signal: AbortSignal): Promise<string> {
  using socket = disposable(connectTls({ host: address, port, ...(isIP(name) === 0 && { servername: name }) }))
  await once(socket.of, 'secureConnect', { signal })
  return `${socket.of.getProtocol()}, ${socket.of.getPeerCertificate().issuer?.O ?? 'an unknown issuer'}`
}

/** Whether the server speaks plain HTTP: it answers a TLS handshake with something else. */
async function speaksPlain(address: string, port: number, name: string, patience: number): Promise<boolean> {
  const { ok, says } = await timed((signal) => tls(address, port, name, signal), patience)
  return !ok && /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST/i.test(says)
}

interface Place {
  readonly name: string
  readonly port: number
  readonly address: string
  readonly plain: boolean
}

async function ask({ name, port, address, plain }: Place, signal: AbortSignal): Promise<string> {
  const options = { host: address, port, path: '/v2/', headers: { host: `${hostOf(name)}:${port}` } }
  using sent = disposable(
    plain ? httpRequest(options) : httpsRequest({ ...options, ...(isIP(name) === 0 && { servername: name }) }),
  )
  sent.of.end()
  const [response] = await once(sent.of, 'response', { signal })
  const api = response.headers['docker-distribution-api-version'] ?? 'no registry API'
  return `${response.statusCode}, ${api}${plain ? ', without TLS' : ''}`
}

function hostOf(name: string): string {
  return isIP(name) === 6 ? `[${name}]` : name
}

/** Destroys the stream at the end of its block, so that it does not keep the process alive. Later errors are ignored. */
function disposable<Stream extends Socket | ClientRequest>(of: Stream): { readonly of: Stream } & Disposable {
  return {
    of,
    [Symbol.dispose]() {
      of.on('error', () => {})
      of.destroy()
    },
  }
}
