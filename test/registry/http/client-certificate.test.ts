import { createServer } from 'node:https'
import type { TLSSocket } from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import { createRegistry } from '../../../src/registry/client.ts'
import { Secret } from '../../../src/secret.ts'
import { listenOnLoopback } from '../../../src/simulator/listen.ts'
import { certificateAuthority } from '../../../src/simulator/registry/tls.ts'

const of = { repository: 'app', reference: '1' }
const authority = await certificateAuthority('test')
const own = await authority.certify(['imagepull.example'])

/** A registry that lets nobody in who shows no certificate of the authority. */
async function strictRegistry() {
  const shown: (string | undefined)[] = []
  const options = { ...(await authority.certify(['registry.example'])), ca: authority.pem, requestCert: true }
  const server = createServer({ ...options, rejectUnauthorized: true }, (request, response) => {
    const socket = request.socket as TLSSocket // an HTTPS server's
    shown.push(String(socket.getPeerCertificate().subject?.CN))
    response.writeHead(200).end()
  })
  const port = await listenOnLoopback(server)
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { shown, port }
}

function client(port: number, shownTo: string) {
  return createRegistry({
    policy: {
      refuses: () => undefined,
      plainHttp: () => false,
      ca: () => authority.pem,
      clientCertificate: (host) => (host === shownTo ? { certificate: own.cert, key: new Secret(own.key) } : undefined),
    },
    resolve: async () => [{ address: '127.0.0.1', family: 4, port }],
  })
}

test('the client certificate is shown to the registry that it is configured for', async () => {
  const { shown, port } = await strictRegistry()
  const answer = await client(port, 'registry.example').manifest({ ...of, host: 'registry.example' })
  expect(answer.status).toBe('found')
  expect(shown).toEqual(['imagepull.example'])
})

test('and to no other: the registry refuses the connection', async () => {
  const { shown, port } = await strictRegistry()
  await expect(client(port, 'other.example').manifest({ ...of, host: 'registry.example' })).rejects.toMatchObject({
    name: 'RegistryError',
  })
  expect(shown).toEqual([])
})
