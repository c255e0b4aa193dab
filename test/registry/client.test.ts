import nock from 'nock'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Credential } from '../../src/registry/auth/keyring.ts'
import { createRegistry } from '../../src/registry/client.ts'
import { type ContactPolicy, personPolicy } from '../../src/registry/http/contact-policy.ts'
import { Secret } from '../../src/secret.ts'

const host = 'registry.example'
const of = { host, repository: 'team/app', reference: '1.0' }
const credential: Credential = { source: 'secret shop/regcred', username: 'user', password: new Secret('c4n4ry') }
const basic = `Basic ${Buffer.from('user:c4n4ry').toString('base64')}`
const anybody: ContactPolicy = { refuses: () => undefined, plainHttp: () => false }
const open = () => createRegistry({ policy: anybody, resolve: async () => [{ address: '203.0.113.7', family: 4 }] })
const unknown = (code: string) => ({ errors: [{ code, message: 'not here' }] })

beforeEach(() => {
  if (!nock.isActive()) nock.activate()
  nock.disableNetConnect()
})
afterEach(() => {
  expect(nock.pendingMocks()).toEqual([])
  nock.cleanAll()
  nock.enableNetConnect()
})
// It stands in for sockets of the whole worker, which goes on with other files.
afterAll(() => nock.restore())

describe('a manifest', () => {
  test('is there: one HEAD, with every form of manifest accepted', async () => {
    nock(`https://${host}`, {
      reqheaders: { accept: /oci\.image\.index.*manifest\.list.*oci\.image\.manifest.*manifest\.v2/ },
    })
      .head('/v2/team/app/manifests/1.0')
      .reply(200, undefined, {
        'content-type': 'application/vnd.oci.image.manifest.v1+json',
        'docker-content-digest': 'sha256:aa',
      })
    expect(await open().manifest(of)).toEqual({
      status: 'found',
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      digest: 'sha256:aa',
      asked: { method: 'HEAD', url: `https://${host}/v2/team/app/manifests/1.0` },
    })
  })

  test.each([
    [404, unknown('MANIFEST_UNKNOWN'), {}, { status: 'missing', code: 'MANIFEST_UNKNOWN' }],
    [404, unknown('NAME_UNKNOWN'), {}, { status: 'missing', code: 'NAME_UNKNOWN' }],
    [404, '', {}, { status: 'missing' }],
    [404, '<html>', { 'content-type': 'text/html' }, { status: 'not-a-registry', http: 404 }],
    [403, unknown('DENIED'), {}, { status: 'denied', by: 'registry', code: 'DENIED' }],
    [429, unknown('TOOMANYREQUESTS'), { 'retry-after': '60' }, { status: 'rate-limited', retryAfter: 60 }],
    [503, 'down', {}, { status: 'server-error', http: 503 }],
    [405, '', {}, { status: 'not-a-registry', http: 405 }],
    [401, '', {}, { status: 'unauthorized', by: 'registry' }],
  ])('is not: %i %j', async (status, body, headers, answer) => {
    nock(`https://${host}`).head('/v2/team/app/manifests/1.0').reply(status, undefined, headers)
    // Who is told to wait does not ask again.
    if (status !== 429) nock(`https://${host}`).get('/v2/team/app/manifests/1.0').reply(status, body, headers)
    expect(await open().manifest(of)).toMatchObject(answer)
  })

  test("of Docker Hub is asked at Docker Hub's API host", async () => {
    nock('https://registry-1.docker.io').head('/v2/library/nginx/manifests/1').reply(200)
    expect(await open().manifest({ host: 'docker.io', repository: 'library/nginx', reference: '1' })).toMatchObject({
      status: 'found',
    })
  })
})

describe('logging in', () => {
  const bearer = {
    'www-authenticate': `Bearer realm="https://${host}/token",service="reg",scope="repository:other:pull"`,
  }
  const challenge = (headers: Record<string, string>) =>
    nock(`https://${host}`).head('/v2/team/app/manifests/1.0').reply(401, undefined, headers)

  test('a token is asked for what is wanted, not for what the challenge says, and used', async () => {
    challenge(bearer)
    nock(`https://${host}`)
      .get('/token')
      .query({ service: 'reg', scope: 'repository:team/app:pull' })
      .reply(200, { access_token: 'tok' })
    nock(`https://${host}`, { reqheaders: { authorization: 'Bearer tok' } })
      .head('/v2/team/app/manifests/1.0')
      .reply(200)
    expect(await open().manifest(of)).toMatchObject({ status: 'found' })
  })

  test('the credential goes to the token server of the same host', async () => {
    challenge(bearer)
    nock(`https://${host}`, { reqheaders: { authorization: basic } })
      .get('/token')
      .query(true)
      .reply(200, { token: 'tok' })
    nock(`https://${host}`, { reqheaders: { authorization: 'Bearer tok' } })
      .head('/v2/team/app/manifests/1.0')
      .reply(200)
    const answer = await open().manifest({ ...of, credential })
    expect(answer).toMatchObject({ status: 'found', asked: { credential: 'secret shop/regcred' } })
    expect(JSON.stringify(answer)).not.toContain('c4n4ry')
  })

  test('and to no other host: a realm elsewhere gets an anonymous question', async () => {
    challenge({ 'www-authenticate': 'Bearer realm="https://thief.example/token",service="reg"' })
    const asked: (string | null)[] = []
    nock('https://thief.example')
      .get('/token')
      .query(true)
      .reply(200, async (request: Request) => {
        asked.push(request.headers.get('authorization'))
        return { token: 'tok' }
      })
    nock(`https://${host}`).head('/v2/team/app/manifests/1.0').reply(200)
    await open().manifest({ ...of, credential })
    expect(asked).toEqual([null])
  })

  describe('a token server that the operator names for the registry', () => {
    const policy: ContactPolicy = personPolicy([{ host, plainHttp: false, tokenHosts: ['sso.example'] }])
    const named = () => createRegistry({ policy, resolve: async () => [{ address: '203.0.113.7', family: 4 }] })

    test('gets its logins', async () => {
      challenge({ 'www-authenticate': 'Bearer realm="https://sso.example/token",service="reg"' })
      nock('https://sso.example', { reqheaders: { authorization: basic } })
        .get('/token')
        .query(true)
        .reply(200, { token: 'tok' })
      nock(`https://${host}`, { reqheaders: { authorization: 'Bearer tok' } })
        .head('/v2/team/app/manifests/1.0')
        .reply(200)
      const answer = await named().manifest({ ...of, credential })
      expect(answer).toMatchObject({ status: 'found', asked: { credential: 'secret shop/regcred' } })
    })

    test.each([
      ['https://sso.example:8443', 'another port'],
      ['https://evil.sso.example', 'a name below it'],
    ])('gets none at %s: %s', async (origin) => {
      challenge({ 'www-authenticate': `Bearer realm="${origin}/token",service="reg"` })
      const asked: (string | null)[] = []
      nock(origin)
        .get('/token')
        .query(true)
        .reply(200, async (request: Request) => {
          asked.push(request.headers.get('authorization'))
          return { token: 'tok' }
        })
      nock(`https://${host}`).head('/v2/team/app/manifests/1.0').reply(200)
      await named().manifest({ ...of, credential })
      expect(asked).toEqual([null])
    })

    test('gets none for another registry', async () => {
      const other = { ...of, host: 'other.example' }
      nock('https://other.example')
        .head('/v2/team/app/manifests/1.0')
        .reply(401, undefined, { 'www-authenticate': 'Bearer realm="https://sso.example/token",service="reg"' })
      const asked: (string | null)[] = []
      nock('https://sso.example')
        .get('/token')
        .query(true)
        .reply(200, async (request: Request) => {
          asked.push(request.headers.get('authorization'))
          return { token: 'tok' }
        })
      nock('https://other.example').head('/v2/team/app/manifests/1.0').reply(200)
      await named().manifest({ ...other, credential })
      expect(asked).toEqual([null])
    })
  })

  test('a realm in clear text is not asked for an encrypted registry', async () => {
    challenge({ 'www-authenticate': `Bearer realm="http://${host}/token",service="reg"` })
    await expect(open().manifest({ ...of, credential })).rejects.toMatchObject({ code: 'not-allowed' })
    challenge({ 'www-authenticate': `Bearer realm="http://${host}/token",service="reg"` })
    nock(`https://${host}`)
      .get('/v2/team/app/manifests/1.0')
      .reply(401, undefined, { 'www-authenticate': `Bearer realm="http://${host}/token"` })
    expect(await open().manifest(of)).toMatchObject({ status: 'unauthorized', by: 'registry' })
  })

  test.each([
    ['another port of its host', `https://${host}:8443/token`],
    ['another host', 'https://elsewhere.example/token'],
    ['a name of an object', 'https://constructor/token'],
  ])('where the token server is at %s, a refusal to strangers is no answer', async (_, realm) => {
    challenge({ 'www-authenticate': `Bearer realm="${realm}",service="reg"` })
    const asked: (string | null)[] = []
    nock(new URL(realm).origin)
      .get('/token')
      .query(true)
      .reply(401, async (request: Request) => void asked.push(request.headers.get('authorization')))
    await expect(open().manifest({ ...of, credential })).rejects.toMatchObject({ code: 'not-allowed' })
    expect(asked).toEqual([null])
  })

  test('who answers behind a redirect does not name the token server', async () => {
    nock(`https://${host}`)
      .head('/v2/team/app/manifests/1.0')
      .reply(307, undefined, { location: 'https://thief.example/x' })
    nock('https://thief.example')
      .head('/x')
      .reply(401, undefined, { 'www-authenticate': 'Bearer realm="https://thief.example/token"' })
    const asked: (string | null)[] = []
    nock('https://thief.example')
      .get('/token')
      .query(true)
      .reply(200, async (request: Request) => {
        asked.push(request.headers.get('authorization'))
        return {}
      })
    await open()
      .manifest({ ...of, credential })
      .catch((error) => error)
    expect(asked).toEqual([null])
  })

  test.each([
    [401, 'unauthorized'],
    [403, 'denied'],
    [429, 'rate-limited'],
    [500, 'server-error'],
  ])('a token server that answers %i is told as such', async (status, wanted) => {
    challenge(bearer)
    nock(`https://${host}`).get('/token').query(true).reply(status)
    expect(await open().manifest(of)).toMatchObject({ status: wanted, asked: { url: `https://${host}/token` } })
  })

  test('Basic, with the login that was asked for', async () => {
    challenge({ 'www-authenticate': 'Basic realm="r"' })
    nock(`https://${host}`, { reqheaders: { authorization: basic } })
      .head('/v2/team/app/manifests/1.0')
      .reply(200)
    expect(await open().manifest({ ...of, credential })).toMatchObject({ status: 'found' })
  })
})

describe('redirects', () => {
  test('are followed, and lose the login on the way to another host', async () => {
    const asked: (string | null)[] = []
    nock(`https://${host}`)
      .head('/v2/team/app/blobs/sha256%3Aaa')
      .reply(401, undefined, { 'www-authenticate': 'Basic realm="r"' })
    nock(`https://${host}`, { reqheaders: { authorization: basic } })
      .head('/v2/team/app/blobs/sha256%3Aaa')
      .reply(307, undefined, { location: 'https://cdn.example/x' })
    nock('https://cdn.example')
      .head('/x')
      .reply(200, async (request: Request) => {
        asked.push(request.headers.get('authorization'))
        return ''
      })
    expect(await open().blob({ ...of, digest: 'sha256:aa', credential })).toMatchObject({ status: 'found' })
    expect(asked).toEqual([null])
  })

  test.each([
    ['http://registry.example/x', 'not-allowed'],
    ['ftp://registry.example/x', 'invalid-answer'],
    ['https://169.254.169.254/latest/meta-data', 'not-allowed'],
  ])('to %s are not followed', async (location, code) => {
    nock(`https://${host}`).head('/v2/team/app/manifests/1.0').reply(302, undefined, { location })
    await expect(open().manifest(of)).rejects.toMatchObject({ code })
  })

  test('in a circle end', async () => {
    nock(`https://${host}`)
      .head('/v2/team/app/manifests/1.0')
      .times(4)
      .reply(302, undefined, { location: '/v2/team/app/manifests/1.0' })
    await expect(open().manifest(of)).rejects.toMatchObject({ code: 'too-many-redirects' })
  })
})

describe('tags', () => {
  const page = (query: object) =>
    nock(`https://${host}`)
      .get('/v2/team/app/tags/list')
      .query({ n: '1000', ...query })

  test('are read page by page', async () => {
    page({}).reply(200, { tags: ['a', 'b'] }, { link: '</v2/team/app/tags/list?n=1000&last=b>; rel="next"' })
    page({ last: 'b' }).reply(200, { tags: ['c'] })
    expect(await open().tags(of)).toMatchObject({ status: 'names', names: ['a', 'b', 'c'], complete: true })
  })

  test('may be null', async () => {
    page({}).reply(200, { tags: null })
    expect(await open().tags(of)).toMatchObject({ status: 'names', names: [], complete: true })
  })

  test('pages in a circle end, and are told as incomplete', async () => {
    page({}).reply(200, { tags: ['a'] }, { link: '</v2/team/app/tags/list?n=1000>; rel="next"' })
    expect(await open().tags(of)).toMatchObject({ names: ['a'], complete: false })
  })

  test('a next page at another host is not asked', async () => {
    page({}).reply(200, { tags: ['a'] }, { link: '<https://thief.example/v2/x>; rel="next"' })
    expect(await open().tags(of)).toMatchObject({ names: ['a'] })
  })

  test('a list without end stops at ten pages', async () => {
    nock(`https://${host}`)
      .get('/v2/team/app/tags/list')
      .query(true)
      .times(10)
      .reply(200, async (request: Request) => ({ tags: [request.url] }), { link: '<?n=1000&last=x>; rel="next"' })
    const answer = await open().tags(of)
    expect(answer).toMatchObject({ complete: false })
    nock.cleanAll()
  })

  test('of a page with more than anybody reads, the first ones are kept, and the cut is told', async () => {
    page({}).reply(200, { tags: Array.from({ length: 150_000 }, (_, index) => `t${index}`) })
    const answer = await open().tags(of)
    expect(answer).toMatchObject({ status: 'names', complete: false })
    expect(answer.status === 'names' && answer.names.length).toBe(10_000)
  })

  test('what is too long for a name is left out, and the cut is told', async () => {
    page({}).reply(200, { tags: ['a', 'x'.repeat(100_000)] })
    expect(await open().tags(of)).toMatchObject({ names: ['a'], complete: false })
  })

  test('an unknown repository says so', async () => {
    page({}).reply(404, unknown('NAME_UNKNOWN'))
    expect(await open().tags(of)).toMatchObject({ status: 'missing', code: 'NAME_UNKNOWN' })
  })
})

test('an answer without end is cut off', async () => {
  nock(`https://${host}`)
    .get('/v2/team/app/tags/list')
    .query(true)
    .reply(200, 'x'.repeat(3 * 1_024 * 1_024))
  await expect(open().tags(of)).rejects.toMatchObject({ code: 'too-large' })
})

describe('what an image is for', () => {
  const head = (headers?: Record<string, string>) =>
    nock(`https://${host}`).head('/v2/team/app/manifests/1.0').reply(200, undefined, headers)

  test('its manifest is read by the digest that HEAD tells, once', async () => {
    const digest = `sha256:${'a'.repeat(64)}`
    head({ 'docker-content-digest': digest })
    nock(`https://${host}`)
      .get(`/v2/team/app/manifests/${encodeURIComponent(digest)}`)
      .reply(200, { manifests: [{ platform: { os: 'linux', architecture: 'arm64' } }] })
    const registry = open()
    await registry.manifest(of)
    expect(await registry.content(of)).toMatchObject({ status: 'content' })
    expect(await registry.content(of)).toMatchObject({ status: 'content' })
    expect(registry.requests).toBe(2)
  })

  test('an index tells its platforms, without the attestations of builders', async () => {
    head()
    nock(`https://${host}`)
      .get('/v2/team/app/manifests/1.0')
      .reply(200, {
        manifests: [
          { platform: { os: 'linux', architecture: 'arm64', variant: 'v8' } },
          { platform: { os: 'unknown', architecture: 'unknown' } },
        ],
      })
    expect(await open().content(of)).toMatchObject({
      platforms: [{ os: 'linux', architecture: 'arm64', variant: 'v8' }],
    })
  })

  test('a single image tells it in its configuration', async () => {
    head()
    nock(`https://${host}`)
      .get('/v2/team/app/manifests/1.0')
      .reply(200, { config: { digest: 'sha256:cc' }, layers: [{ digest: 'sha256:dd' }] })
    nock(`https://${host}`).get('/v2/team/app/blobs/sha256%3Acc').reply(200, { os: 'linux', architecture: 'amd64' })
    expect(await open().content(of)).toMatchObject({
      platforms: [{ os: 'linux', architecture: 'amd64' }],
      blobs: ['sha256:cc', 'sha256:dd'],
    })
  })
})

describe('who may be contacted', () => {
  const never = [
    '169.254.169.254',
    '100.100.100.200',
    'fe80::1',
    'fd00:ec2::254',
    '0.0.0.0',
    '224.0.0.1',
    '::ffff:169.254.169.254',
    '::169.254.169.254',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b:1::a9fe:a9fe',
    '2002:a9fe:a9fe::1',
    'fd20:ce::254',
    'fd00:c1::a9fe:a9fe',
    'fd00:ec2::23',
    '192.0.0.192',
    '168.63.129.16',
    '240.0.0.1',
    '255.255.255.255',
  ]

  test.each(never)('a name that means %s is not', async (address) => {
    const registry = createRegistry({
      policy: anybody,
      resolve: async () => [
        { address: '203.0.113.7', family: 4 },
        { address, family: address.includes(':') ? 6 : 4 },
      ],
    })
    await expect(registry.manifest(of)).rejects.toMatchObject({ code: 'not-allowed' })
    expect(registry.requests).toBeLessThanOrEqual(1)
  })

  test('nor whom the policy refuses', async () => {
    const registry = createRegistry({
      policy: { ...anybody, refuses: () => 'not on the list' },
      resolve: async () => [{ address: '203.0.113.7', family: 4 }],
    })
    await expect(registry.manifest(of)).rejects.toThrow('not on the list')
  })

  test('a name that does not resolve is no answer', async () => {
    const error = Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' })
    const registry = createRegistry({ policy: anybody, resolve: () => Promise.reject(error) })
    await expect(registry.manifest(of)).rejects.toMatchObject({ code: 'name-not-resolved' })
  })
})
