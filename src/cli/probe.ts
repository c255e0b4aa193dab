import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { connect, isIP } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { ExitCode } from './command-error.ts'
import { CommandError } from './command-error.ts'
import type { Io } from './io.ts'

/** One step of the way to a registry. */
interface Part {
  readonly ok: boolean
  readonly says: string
  /** Milliseconds. */
  readonly ms: number
}

/** Milliseconds for each step. */
const patience = 8_000
const saysLimit = 300

/**
 * Looks up a registry, connects to it, shakes hands and asks for `/v2/`, from wherever it runs: one line of JSON. Steps
 * after one that failed are left out. It sends no credentials.
 */
export async function probe(host: string, io: Io): Promise<ExitCode> {
  const { name, port } = parse(host)
  const report: Record<string, string | Part> = { host }
  const step = async (id: string, work: () => Promise<string>): Promise<boolean> => {
    const part = await timed(work)
    report[id] = part
    return part.ok
  }
  let address = name
  const reached =
    (isIP(name) > 0 ||
      (await step('dns', async () => {
        address = (await lookup(name)).address
        return address
      }))) &&
    (await step('tcp', () => tcp(address, port)))
  if (reached) {
    const plain = await speaksPlain(address, port, name)
    const secure = !plain && (await step('tls', () => tls(address, port, name)))
    if (plain || secure) await step('http', () => ask(name, port, address, plain))
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

async function timed(work: () => Promise<string>): Promise<Part> {
  const began = performance.now()
  const done = (ok: boolean, says: string): Part => ({
    ok,
    says: says.slice(0, saysLimit),
    ms: Math.round(performance.now() - began),
  })
  try {
    return done(true, await work())
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === 'ABORT_ERR') return done(false, `no answer within ${patience / 1_000} s`)
    const words = error instanceof Error ? error.message : String(error)
    return done(false, (words.includes(code) ? words : `${code} ${words}`).trim())
  }
}

async function tcp(address: string, port: number): Promise<string> {
  using socket = disposable(connect({ host: address, port }))
  await once(socket.of, 'connect', { signal: AbortSignal.timeout(patience) })
  return `${address}:${port}`
}

async function tls(address: string, port: number, name: string): Promise<string> {
  using socket = disposable(connectTls({ host: address, port, ...(isIP(name) === 0 && { servername: name }) }))
  await once(socket.of, 'secureConnect', { signal: AbortSignal.timeout(patience) })
  return `${socket.of.getProtocol()}, ${socket.of.getPeerCertificate().issuer?.O ?? 'an unknown issuer'}`
}

/** A server without TLS answers a handshake with words of its own. */
async function speaksPlain(address: string, port: number, name: string): Promise<boolean> {
  const { ok, says } = await timed(() => tls(address, port, name))
  return !ok && /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST/i.test(says)
}

async function ask(name: string, port: number, address: string, plain: boolean): Promise<string> {
  const options = { host: address, port, path: '/v2/', headers: { host: `${name}:${port}` }, timeout: patience }
  const sent = plain
    ? httpRequest(options)
    : httpsRequest({ ...options, ...(isIP(name) === 0 && { servername: name }) })
  sent.end()
  const [response] = await once(sent, 'response', { signal: AbortSignal.timeout(patience) })
  response.resume()
  const api = response.headers['docker-distribution-api-version'] ?? 'no registry API'
  return `${response.statusCode}, ${api}${plain ? ', without TLS' : ''}`
}

function disposable<Socket extends { destroy(): unknown }>(of: Socket): { readonly of: Socket } & Disposable {
  return { of, [Symbol.dispose]: () => void of.destroy() }
}
