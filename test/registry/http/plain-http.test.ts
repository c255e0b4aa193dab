import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createRegistry } from '../../../src/registry/client.ts'
import { Secret } from '../../../src/secret.ts'

const credential = { source: 'secret shop/regcred', username: 'user', password: new Secret('c4n4ry') }
const basic = `Basic ${Buffer.from('user:c4n4ry').toString('base64')}`

/** A server that knows no TLS: it answers a handshake with HTTP. */
async function plainServer(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const asked: (string | undefined)[] = []
  const server = createServer((request, response) => {
    asked.push(request.headers.authorization)
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo // it listens on TCP
  return { asked, port }
}

function client(port: number, plainHttp = false) {
  return createRegistry({
    policy: { refuses: () => undefined, plainHttp: () => plainHttp },
    resolve: async () => [{ address: '127.0.0.1', family: 4, port }],
  })
}

const wantsLogin = (request: IncomingMessage, response: ServerResponse) => {
  const status = request.headers.authorization === basic ? 200 : 401
  response.writeHead(status, { 'www-authenticate': 'Basic realm="r"' }).end()
}
const of = { host: 'registry.example', repository: 'app', reference: '1' }

describe('a server that answers TLS with HTTP', () => {
  test('gets no login, and its refusal of strangers is no answer', async () => {
    const { asked, port } = await plainServer(wantsLogin)
    await expect(client(port).manifest({ ...of, credential })).rejects.toMatchObject({ code: 'not-allowed' })
    expect(asked.length).toBeGreaterThan(0)
    expect(new Set(asked)).toEqual(new Set([undefined]))
  })

  test('is believed where it tells strangers what they ask', async () => {
    const { asked, port } = await plainServer((_, response) => void response.writeHead(200).end())
    const answer = await client(port).manifest({ ...of, credential })
    expect(answer).toEqual({
      status: 'found',
      mediaType: '',
      asked: { method: 'HEAD', url: 'http://registry.example/v2/app/manifests/1' },
    })
    expect(asked).toEqual([undefined])
  })

  test.each(['ghcr.io', 'docker.io', 'quay.io', 'eu.gcr.io', 'ghcr.io:443', 'team.azurecr.io'])(
    'in the name of %s is not asked, whatever is declared',
    async (host) => {
      const { asked, port } = await plainServer(wantsLogin)
      for (const declared of [true, false]) {
        const asking = client(port, declared).manifest({ ...of, host, credential, plainHttp: declared })
        await expect(asking).rejects.toMatchObject({ code: 'tls-failed' })
      }
      expect(asked).toEqual([])
    },
  )
})

describe('a registry that is declared plain gets the login at a private address', () => {
  test.each([
    ['by the operator', true, {}],
    ["by the kubelet's own words", false, { plainHttp: true }],
  ])('%s', async (_, configured, question) => {
    const { asked, port } = await plainServer(wantsLogin)
    const answer = await client(port, configured).manifest({ ...of, ...question, credential })
    expect(answer).toMatchObject({ status: 'found', asked: { credential: credential.source } })
    expect(asked).toContain(basic)
  })

  test('and no token server elsewhere in clear text', async () => {
    const { asked, port } = await plainServer((request, response) =>
      request.url?.startsWith('/token')
        ? response.end('{"token":"t"}')
        : response
            .writeHead(request.headers.authorization ? 200 : 401, {
              'www-authenticate': `Bearer realm="http://other.example/token"`,
            })
            .end(),
    )
    await client(port, true).manifest({ ...of, credential })
    expect(asked).not.toContain(basic)
  })
})
