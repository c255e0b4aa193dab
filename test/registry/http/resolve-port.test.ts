import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createRegistry } from '../../../src/registry/client.ts'
import { certificateAuthority } from '../../../src/simulator/registry/tls.ts'

const host = 'registry.example:5443'
const of = { host, repository: 'team/app', reference: '1.0' }

/** A registry with TLS on some loopback port, and a client whose resolver knows that port. */
async function registryFor(...named: readonly string[]) {
  const authority = await certificateAuthority('test')
  const asked: string[] = []
  const server = createServer(await authority.certify(named), (request, response) => {
    asked.push(`${request.headers.host} ${request.url}`)
    response.writeHead(200, { 'content-type': 'application/vnd.oci.image.manifest.v1+json' }).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo // it listens on TCP
  const resolved: string[] = []
  const refuses = (name: string, address: string) => {
    resolved.push(`${name} ${address}`)
    return undefined
  }
  const client = createRegistry({
    policy: { refuses, plainHttp: () => false, ca: () => authority.pem },
    resolve: async (hostname, asPort) => {
      resolved.push(`${hostname} ${asPort}`)
      return [{ address: '127.0.0.1', family: 4, port }]
    },
  })
  return { client, asked, resolved }
}

test('a resolver may name the port, too: the URL, its Host and its certificate stay', async () => {
  const { client, asked, resolved } = await registryFor('registry.example')
  expect(await client.manifest(of)).toMatchObject({
    status: 'found',
    asked: { url: `https://${host}/v2/team/app/manifests/1.0` },
  })
  expect(asked).toEqual([`${host} /v2/team/app/manifests/1.0`])
  expect(resolved).toEqual(['registry.example 5443', `${host} 127.0.0.1`])
})

test('for an address that an image names, too', async () => {
  const { client, resolved } = await registryFor('10.43.170.72')
  expect(await client.manifest({ ...of, host: '10.43.170.72' })).toMatchObject({ status: 'found' })
  expect(resolved).toEqual(['10.43.170.72 443', '10.43.170.72 127.0.0.1'])
})

test("another host's certificate is not taken for this one's", async () => {
  const { client } = await registryFor('other.example')
  await expect(client.manifest(of)).rejects.toMatchObject({ code: 'tls-untrusted' })
})
