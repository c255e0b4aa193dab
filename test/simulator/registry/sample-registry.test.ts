import { describe, expect, onTestFinished, test } from 'vitest'
import type { Credential } from '../../../src/registry/auth/keyring.ts'
import { createRegistry } from '../../../src/registry/client.ts'
import { Secret } from '../../../src/secret.ts'
import { listen } from '../../../src/simulator/listen.ts'
import { basicAccess, tokenAccess } from '../../../src/simulator/registry/access.ts'
import type { HandleRegistry } from '../../../src/simulator/registry/request.ts'
import { registryListener, sampleRegistry } from '../../../src/simulator/registry/server.ts'
import { addImage, digestOf, type RegistryStorage, registryStorage } from '../../../src/simulator/registry/storage.ts'
import { certificateAuthority } from '../../../src/simulator/registry/tls.ts'

const authority = await certificateAuthority('test')

/** The project's own client, which reaches each of these registries by its name over TLS. */
async function clientOf(hosts: Readonly<Record<string, HandleRegistry>>) {
  const ports = new Map<string, number>()
  for (const [host, handle] of Object.entries(hosts)) {
    const server = await listen(registryListener(handle), await authority.certify([host]))
    onTestFinished(() => server.close())
    ports.set(host, server.port)
  }
  return createRegistry({
    policy: { refuses: () => undefined, plainHttp: () => false, ca: () => authority.pem },
    resolve: async (hostname) => [{ address: '127.0.0.1', family: 4, port: ports.get(hostname) ?? 0 }],
  })
}

function storageWith(...tags: readonly string[]): RegistryStorage {
  const storage = registryStorage()
  addImage(storage, { repository: 'team/app', tags })
  return storage
}

const login = (username: string, password: string): Credential => ({
  source: 'secret shop/regcred',
  username,
  password: new Secret(password),
})
const of = { host: 'registry.test', repository: 'team/app', reference: '1.0' }

describe('what it says of an image', () => {
  test('that is there', async () => {
    const storage = storageWith('1.0')
    const client = await clientOf({ 'registry.test': sampleRegistry(storage) })
    const digest = storage.repositories.get('team/app')?.tags.get('1.0')
    expect(await client.manifest(of)).toMatchObject({ status: 'found', digest })
    const content = await client.content({ ...of, reference: String(digest) })
    expect(content).toMatchObject({ status: 'content', platforms: [{ os: 'linux', architecture: 'amd64' }] })
    const blobs = content.status === 'content' ? content.blobs : []
    expect(blobs).toHaveLength(2)
    for (const blob of blobs) expect(await client.blob({ ...of, digest: blob })).toMatchObject({ status: 'found' })
  })

  test('with several platforms', async () => {
    const storage = registryStorage()
    addImage(storage, { repository: 'team/app', tags: ['1.0'], platforms: ['linux/arm64/v8', 'linux/amd64'] })
    const client = await clientOf({ 'registry.test': sampleRegistry(storage) })
    expect(await client.content(of)).toMatchObject({
      mediaType: 'application/vnd.oci.image.index.v1+json',
      platforms: [
        { os: 'linux', architecture: 'arm64', variant: 'v8' },
        { os: 'linux', architecture: 'amd64' },
      ],
    })
  })

  test.each([
    ['tag', '9.9', 'MANIFEST_UNKNOWN'],
    ['digest', `sha256:${'0'.repeat(64)}`, 'MANIFEST_UNKNOWN'],
  ])('whose %s is not', async (_, reference, code) => {
    const client = await clientOf({ 'registry.test': sampleRegistry(storageWith('1.0')) })
    expect(await client.manifest({ ...of, reference })).toMatchObject({ status: 'missing', code })
  })

  test('whose repository is not: only its tags tell', async () => {
    const client = await clientOf({ 'registry.test': sampleRegistry(storageWith('1.0')) })
    const unknown = { ...of, repository: 'team/nope' }
    expect(await client.manifest(unknown)).toMatchObject({ status: 'missing', code: 'MANIFEST_UNKNOWN' })
    expect(await client.tags(unknown)).toMatchObject({ status: 'missing', code: 'NAME_UNKNOWN' })
  })
})

describe('what it lists', () => {
  const names = Array.from({ length: 2_300 }, (_, at) => `v${String(at).padStart(4, '0')}`)

  test('tags, over pages', async () => {
    const client = await clientOf({ 'registry.test': sampleRegistry(storageWith(...names)) })
    expect(await client.tags(of)).toMatchObject({ names, complete: true })
    expect(client.requests).toBe(3)
  })

  test('repositories, over pages', async () => {
    const storage = registryStorage()
    for (const repository of names.slice(0, 250)) addImage(storage, { repository, tags: ['1'] })
    const client = await clientOf({ 'registry.test': sampleRegistry(storage) })
    expect(await client.repositories(of)).toMatchObject({ names: names.slice(0, 250), complete: true })
  })

  test('no more than 1,000 at once', async () => {
    const handle = sampleRegistry(storageWith('1'))
    const ask = async (path: string) => {
      const url = new URL(path, 'http://registry.test')
      const answer = await handle({ method: 'GET', url, headers: {}, body: Buffer.alloc(0), source: '' })
      return [answer.status, JSON.parse(String(answer.body)).errors?.[0].code, answer.headers?.link]
    }
    expect(await ask('/v2/_catalog?n=1001')).toEqual([400, 'PAGINATION_NUMBER_INVALID', undefined])
    expect(await ask('/v2/_catalog?n=1000')).toEqual([200, undefined, undefined])
  })
})

describe('whom it lets in', () => {
  const accounts = new Map([['puller', 'right']])
  const tokens = (realm: string, discreet: 'grants-nothing' | 'denies') =>
    tokenAccess({ realm, service: 'test', accounts, isPublic: (name) => name === 'team/app', discreet })
  const registries: Readonly<Record<string, () => Readonly<Record<string, HandleRegistry>>>> = {
    basic: () => ({
      'registry.test': sampleRegistry(storageWith('1.0'), { access: basicAccess(accounts, 'Registry') }),
    }),
    'token, same host': () => {
      const access = tokens('https://registry.test/token', 'denies')
      const registry = sampleRegistry(storageWith('1.0'), { access })
      return { 'registry.test': async (request) => access.issue(request) ?? registry(request) }
    },
    'token, grants nothing': () => {
      const access = tokens('https://registry.test/token', 'grants-nothing')
      const registry = sampleRegistry(storageWith('1.0'), { access })
      return { 'registry.test': async (request) => access.issue(request) ?? registry(request) }
    },
  }
  const denied = { status: 'denied', by: 'token-server', code: 'DENIED' }
  test.each([
    ['basic', 'team/app', undefined, { status: 'unauthorized', http: 401, scheme: 'basic', code: 'UNAUTHORIZED' }],
    [
      'basic',
      'team/app',
      login('puller', 'wrong'),
      { status: 'unauthorized', asked: { credential: 'secret shop/regcred' } },
    ],
    ['basic', 'team/app', login('puller', 'right'), { status: 'found' }],
    ['token, same host', 'team/app', undefined, { status: 'found' }],
    ['token, same host', 'team/private', undefined, denied],
    ['token, same host', 'team/private', login('puller', 'wrong'), { status: 'unauthorized', by: 'token-server' }],
    ['token, same host', 'team/private', login('puller', 'right'), { status: 'missing' }],
    ['token, grants nothing', 'team/private', undefined, { status: 'unauthorized', by: 'registry', scheme: 'bearer' }],
  ])('%s: %s as %j', async (access, repository, credential, answer) => {
    const client = await clientOf(registries[access]?.() ?? {})
    expect(await client.manifest({ ...of, repository, credential })).toMatchObject(answer)
  })

  test("Docker Hub's form: another host gives the tokens, and there is no catalogue", async () => {
    const access = tokens('https://auth.docker.io/token', 'grants-nothing')
    const storage = registryStorage()
    addImage(storage, { repository: 'team/app', tags: ['1.0'] })
    const registry = sampleRegistry(storage, { access, catalogue: false })
    const client = await clientOf({
      'registry-1.docker.io': registry,
      'auth.docker.io': async (request) => access.issue(request) ?? { status: 404 },
    })
    expect(await client.manifest({ ...of, host: 'docker.io' })).toMatchObject({ status: 'found' })
    expect(await client.repositories({ host: 'docker.io' })).toMatchObject({ status: 'unauthorized' })
  })
})

test('strangers get so many pulls an address; questions are free', async () => {
  const quota = { limit: 1, used: new Map<string, number>() }
  const registry = sampleRegistry(storageWith('1.0'), { quota })
  const [first, client] = [await clientOf({ 'registry.test': registry }), await clientOf({ 'registry.test': registry })]
  expect(await first.content(of)).toMatchObject({ status: 'content' })
  expect(await client.content(of)).toMatchObject({
    status: 'rate-limited',
    retryAfter: 21_600,
    message: expect.stringContaining('unauthenticated pull rate limit'),
  })
  expect(await client.manifest(of)).toMatchObject({ status: 'found' })
})

describe('a push', () => {
  async function pushTo(storage: RegistryStorage) {
    const server = await listen(registryListener(sampleRegistry(storage)))
    onTestFinished(() => server.close())
    return (method: string, path: string, body?: string, type = 'application/octet-stream') =>
      fetch(new URL(path, `http://127.0.0.1:${server.port}`), {
        method,
        ...(body !== undefined && { body, headers: { 'content-type': type } }),
      })
  }
  const layer = 'a layer'
  const digest = digestOf(Buffer.from(layer))

  test('in pieces, then the manifest', async () => {
    const storage = registryStorage()
    const send = await pushTo(storage)
    const begun = await send('POST', '/v2/team/app/blobs/uploads/')
    expect(begun.status).toBe(202)
    const moved = await send('PATCH', begun.headers.get('location') ?? '', layer)
    expect([moved.status, moved.headers.get('range')]).toEqual([202, '0-6'])
    expect((await send('PUT', `${moved.headers.get('location')}?digest=${digest}`)).status).toBe(201)
    expect((await send('HEAD', `/v2/team/app/blobs/${digest}`)).headers.get('content-length')).toBe('7')
    const manifest = JSON.stringify({ schemaVersion: 2, config: { digest }, layers: [{ digest }] })
    const type = 'application/vnd.oci.image.manifest.v1+json'
    const put = await send('PUT', '/v2/team/app/manifests/1.0', manifest, type)
    expect([put.status, put.headers.get('docker-content-digest')]).toEqual([201, digestOf(Buffer.from(manifest))])
    expect(await (await send('GET', '/v2/team/app/manifests/1.0')).text()).toBe(manifest)
    expect(storage.repositories.get('team/app')?.manifests.size).toBe(1)
  })

  test.each([
    [
      'a manifest of layers that are not there',
      'PUT',
      '/v2/a/manifests/1',
      JSON.stringify({ layers: [{ digest }] }),
      400,
      'MANIFEST_BLOB_UNKNOWN',
    ],
    ['a manifest that is none', 'PUT', '/v2/a/manifests/1', 'x', 400, 'MANIFEST_INVALID'],
    ['a manifest under another digest', 'PUT', `/v2/a/manifests/${digest}`, '{}', 400, 'DIGEST_INVALID'],
    ['a blob under another digest', 'POST', `/v2/a/blobs/uploads/?digest=${digest}`, 'x', 400, 'DIGEST_INVALID'],
    ['an upload that never began', 'PATCH', '/v2/a/blobs/uploads/nope', 'x', 404, 'BLOB_UPLOAD_UNKNOWN'],
    ['a blob that is not there', 'GET', `/v2/a/blobs/${digest}`, undefined, 404, 'BLOB_UNKNOWN'],
    ['to delete', 'DELETE', '/v2/a/manifests/1', undefined, 405, 'UNSUPPORTED'],
    ['what is no path', 'GET', '/v2/A/tags/list', undefined, 404, 'NOT_FOUND'],
  ])('refuses %s', async (_, method, path, body, status, code) => {
    const send = await pushTo(registryStorage())
    const answer = await send(method, path, body)
    expect([answer.status, JSON.parse(await answer.text()).errors[0].code]).toEqual([status, code])
  })
})
