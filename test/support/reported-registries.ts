import type { RequestListener } from 'node:http'
import { onTestFinished } from 'vitest'
import { z } from 'zod'
import { createRegistry } from '../../src/registry/client.ts'
import type { ContactPolicy } from '../../src/registry/http/contact-policy.ts'
import type { Resolve } from '../../src/registry/http/guarded-http.ts'
import type { Registry } from '../../src/registry/registry.ts'
import { listen } from '../../src/simulator/listen.ts'
import { basicAccess, openAccess, tokenAccess } from '../../src/simulator/registry/access.ts'
import type { HandleRegistry, RegistryAnswer, RegistryRequest } from '../../src/simulator/registry/request.ts'
import { registryListener, sampleRegistry } from '../../src/simulator/registry/server.ts'
import { addImage, registryStorage } from '../../src/simulator/registry/storage.ts'
import { certificateAuthority } from '../../src/simulator/registry/tls.ts'

/** An answer that a product gives in its own way. `to`: method and path. `as`: what the request logs in with. */
const answer = z.object({
  to: z.string(),
  as: z.enum(['anybody', 'nobody', 'Basic', 'Bearer']).default('anybody'),
  status: z.number(),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.union([z.string(), z.looseObject({})]).default(''),
})

const registry = z.object({
  /** It speaks plain HTTP. */
  plain: z.boolean().default(false),
  /** Absent: everybody may pull everything. `token`: the path of its token server. */
  login: z.union([z.literal('basic'), z.object({ token: z.string() })]).optional(),
  accounts: z.record(z.string(), z.string()).default({}),
  public: z.array(z.string()).default([]),
  /** `web:1.0`; with ` linux/arm64` behind it for another platform, and `+` between several. */
  images: z.array(z.string()).default([]),
  catalogue: z.boolean().default(true),
  answers: z.array(answer).default([]),
})
export type ReportedRegistry = z.infer<typeof registry>

/** By their hosts. A host that is not among them has no name here. */
export const reportedRegistries = z.record(z.string(), registry).default({})

const authority = await certificateAuthority('situations')

/** Serves them on loopback, until the test ends, and gives the client that reaches them by their own names. */
export async function serveRegistries(registries: Readonly<Record<string, ReportedRegistry>>): Promise<Registry> {
  const ports = new Map<string, number>()
  for (const [host, of] of Object.entries(registries)) {
    const [name = ''] = host.split(':')
    const server = await listen(listenerOf(host, of), of.plain ? undefined : await authority.certify([name]))
    onTestFinished(() => server.close())
    ports.set(host, server.port)
  }
  const resolve: Resolve = async (name, port) => {
    const found = ports.get(name) ?? ports.get(`${name.includes(':') ? `[${name}]` : name}:${port}`)
    if (found === undefined) throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' })
    return [{ address: '127.0.0.1', family: 4, port: found }]
  }
  const policy: ContactPolicy = {
    refuses: () => undefined,
    plainHttp: (host) => registries[host]?.plain ?? false,
    ca: () => authority.pem,
  }
  return createRegistry({ policy, resolve })
}

function listenerOf(host: string, of: ReportedRegistry): RequestListener {
  const storage = registryStorage()
  for (const image of of.images) {
    const [name = '', platforms] = image.split(' ')
    const [repository = '', tag = 'latest'] = name.split(':')
    addImage(storage, { repository, tags: [tag], ...(platforms && { platforms: platforms.split('+') }) })
  }
  const accounts = new Map(Object.entries(of.accounts))
  const scheme = of.plain ? 'http' : 'https'
  const token =
    typeof of.login === 'object'
      ? tokenAccess({
          ...{ realm: `${scheme}://${host}${of.login.token}`, service: host, accounts, discreet: 'grants-nothing' },
          isPublic: (repository) => of.public.includes(repository),
        })
      : undefined
  const access = token ?? (of.login === 'basic' ? basicAccess(accounts, host) : openAccess)
  const serve = sampleRegistry(storage, { access, catalogue: of.catalogue })
  const handle: HandleRegistry = async (request) => ownWay(of, request) ?? token?.issue(request) ?? serve(request)
  return registryListener(handle)
}

function ownWay({ answers }: ReportedRegistry, { method, url, headers }: RegistryRequest): RegistryAnswer | undefined {
  const [by = 'nobody'] = (headers.authorization ?? '').split(' ').filter(Boolean)
  const found = answers.find(
    ({ to, as }) => new RegExp(to).test(`${method} ${url.pathname}`) && (as === 'anybody' || as === by),
  )
  if (!found) return undefined
  const { status, body } = found
  const type = typeof body === 'string' ? 'text/html' : 'application/json'
  return {
    status,
    headers: { 'content-type': type, ...found.headers },
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  }
}
