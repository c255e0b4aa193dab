import { createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import { read } from '../../../src/messages/read.ts'
import { type Listening, listen, listenOnLoopback } from '../../../src/simulator/listen.ts'
import { basicAccess, tokenAccess } from '../../../src/simulator/registry/access.ts'
import type { HandleRegistry } from '../../../src/simulator/registry/request.ts'
import { registryListener, sampleRegistry } from '../../../src/simulator/registry/server.ts'
import { certificateAuthority, handshakeBreaker } from '../../../src/simulator/registry/tls.ts'
import { accounts, putOther, storedApp, withTls } from '../../support/other-registry.ts'
import { podManifest, type SmallCluster, smallCluster } from '../../support/small-cluster.ts'

const zeros = `sha256:${'0'.repeat(64)}`
function withTokens(discreet: 'denies' | 'grants-nothing'): HandleRegistry {
  const realm = 'https://other.test:5443/token'
  const access = tokenAccess({ realm, service: 'other', accounts, isPublic: () => false, discreet })
  const registry = sampleRegistry(storedApp(), { access })
  return async (request) => access.issue(request) ?? registry(request)
}

const refusing =
  (status: number): HandleRegistry =>
  async () => ({ status })
const hangUp = async (): Promise<Listening> => {
  const server = createServer((socket) => socket.once('data', () => socket.destroy()))
  const port = await listenOnLoopback(server)
  return { port, close: () => new Promise((resolve) => server.close(() => resolve())) }
}

type Prepare = (cluster: SmallCluster) => unknown
const nothing: Prepare = () => undefined
const serving =
  (make: () => Promise<Listening>): Prepare =>
  async (cluster) =>
    putOther(cluster, await make())
const opening = (image: string) => `failed to pull and unpack image "${image}": failed to resolve image: `
const asking = `${opening('other.test:5443/app:1')}failed to do request: Head "https://other.test:5443/v2/app/manifests/1": `
const url = 'https://other.test:5443/v2/app/manifests/1'
const privately = 'pull access denied, repository does not exist or may require authorization: '

/** The forms are those that kubelets 1.36 with containerd 2.1 were heard to say. */
const table: readonly (readonly [what: string, image: string, prepare: Prepare, message: string, kind: string])[] = [
  [
    'a missing tag',
    'registry.test:5000/app:9',
    nothing,
    `rpc error: code = NotFound desc = ${opening('registry.test:5000/app:9')}registry.test:5000/app:9: not found`,
    'image-not-found',
  ],
  [
    'a missing digest',
    `registry.test:5000/app@${zeros}`,
    nothing,
    `rpc error: code = NotFound desc = ${opening(`registry.test:5000/app@${zeros}`)}registry.test:5000/app@${zeros}: not found`,
    'image-not-found',
  ],
  [
    'no such host',
    'nowhere.test/app:1',
    nothing,
    `${opening('nowhere.test/app:1')}failed to do request: Head "https://nowhere.test/v2/app/manifests/1": dial tcp: lookup nowhere.test on 10.0.0.2:53: no such host`,
    'dns-failure',
  ],
  [
    'Docker Hub, by its short name',
    'app:1',
    nothing,
    `${opening('docker.io/library/app:1')}failed to do request: Head "https://registry-1.docker.io/v2/library/app/manifests/1": dial tcp: lookup registry-1.docker.io on 10.0.0.2:53: no such host`,
    'dns-failure',
  ],
  [
    'a closed port',
    'registry.test:5001/app:1',
    nothing,
    `${opening('registry.test:5001/app:1')}failed to do request: Head "https://registry.test:5001/v2/app/manifests/1": dial tcp 198.51.100.7:5001: connect: connection refused`,
    'registry-refused',
  ],
  [
    'a server that has ended',
    'other.test:5443/app:1',
    async (cluster) => {
      const server = await withTls(refusing(200))
      await putOther(cluster, server)
      await server.close()
    },
    `${asking}dial tcp 198.51.100.8:5443: connect: connection refused`,
    'registry-refused',
  ],
  [
    'an address that nobody has',
    '198.51.100.99:5000/app:1',
    nothing,
    `rpc error: code = DeadlineExceeded desc = ${opening('198.51.100.99:5000/app:1')}failed to do request: Head "https://198.51.100.99:5000/v2/app/manifests/1": dial tcp 198.51.100.99:5000: i/o timeout`,
    'registry-timeout',
  ],
  [
    'a broken handshake',
    'other.test:5443/app:1',
    serving(handshakeBreaker),
    `${asking}remote error: tls: handshake failure`,
    'tls-handshake',
  ],
  [
    'an unknown authority',
    'other.test:5443/app:1',
    serving(async () => withTls(refusing(200), 'other.test', await certificateAuthority('other'))),
    `${asking}tls: failed to verify certificate: x509: certificate signed by unknown authority`,
    'tls-untrusted',
  ],
  [
    "another host's certificate",
    'other.test:5443/app:1',
    serving(() => withTls(refusing(200), 'third.test')),
    `${asking}tls: failed to verify certificate: x509: certificate is valid for third.test, not other.test`,
    'tls-untrusted',
  ],
  [
    'plain HTTP that nobody declared',
    'other.test:5443/app:1',
    serving(() => listen(registryListener(refusing(200)))),
    `${asking}http: server gave HTTP response to HTTPS client`,
    'http-https-mismatch',
  ],
  ['a connection that ends', 'other.test:5443/app:1', serving(hangUp), `${asking}EOF`, 'registry-refused'],
  [
    '403',
    'other.test:5443/app:1',
    serving(() => withTls(refusing(403))),
    `${opening('other.test:5443/app:1')}unexpected status from HEAD request to ${url}: 403 Forbidden`,
    'auth-denied',
  ],
  [
    '429',
    'other.test:5443/app:1',
    serving(() => withTls(refusing(429))),
    `${opening('other.test:5443/app:1')}unexpected status from HEAD request to ${url}: 429 Too Many Requests`,
    'rate-limited',
  ],
  [
    '503',
    'other.test:5443/app:1',
    serving(() => withTls(refusing(503))),
    `${opening('other.test:5443/app:1')}unexpected status from HEAD request to ${url}: 503 Service Unavailable`,
    'registry-server-error',
  ],
  [
    '401 that says nothing',
    'other.test:5443/app:1',
    serving(() => withTls(refusing(401))),
    `${opening('other.test:5443/app:1')}unexpected status from HEAD request to ${url}: 401 Unauthorized`,
    'auth-required',
  ],
  [
    'no login',
    'other.test:5443/app:1',
    serving(() => withTls(sampleRegistry(storedApp(), { access: basicAccess(accounts, 'r') }))),
    `${opening('other.test:5443/app:1')}${privately}authorization failed: no basic auth credentials`,
    'auth-required',
  ],
  [
    'a token server that denies',
    'other.test:5443/app:1',
    serving(() => withTls(withTokens('denies'))),
    `${opening('other.test:5443/app:1')}failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://other.test:5443/token?scope=repository%3Aapp%3Apull&service=other: 403 Forbidden`,
    'auth-denied',
  ],
  [
    'a token that is worth nothing',
    'other.test:5443/app:1',
    serving(() => withTls(withTokens('grants-nothing'))),
    `${opening('other.test:5443/app:1')}${privately}server message: insufficient_scope: authorization failed`,
    'auth-denied',
  ],
]

test.each(table)('says of %s what a real one says', async (_, image, prepare, message, kind) => {
  const cluster = await smallCluster()
  await prepare(cluster)
  await cluster.apply(podManifest('web', image))
  expect((await cluster.waiting('web', 'ErrImagePull')).message).toBe(message)
  expect((await cluster.waiting('web', 'ImagePullBackOff')).message).toBe(
    `Back-off pulling image "${image}": ErrImagePull: ${message}`,
  )
  // What it says is what src/messages knows.
  expect(read(message, 'ErrImagePull').kind).toBe(kind)
})

describe('content', () => {
  const layer = (cluster: SmallCluster) => [...cluster.storage.blobs.keys()][0] ?? ''

  test('an index without its platform', async () => {
    const cluster = await smallCluster([{ repository: 'app', tags: ['1'], platforms: ['linux/arm64'], index: true }])
    const digest = cluster.storage.repositories.get('app')?.tags.get('1')
    await cluster.apply(podManifest('web', 'registry.test:5000/app:1'))
    expect((await cluster.waiting('web', 'ErrImagePull')).message).toBe(
      `rpc error: code = NotFound desc = get image config descriptor: no match for platform in manifest ${digest}: not found`,
    )
  })

  test('a single image for another processor is pulled, and cannot run', async () => {
    const cluster = await smallCluster([{ repository: 'app', tags: ['1'], platforms: ['linux/arm64'] }])
    await cluster.apply(podManifest('web', 'registry.test:5000/app:1'))
    await cluster.waiting('web', 'CrashLoopBackOff')
    const log = await cluster.handle({
      method: 'GET',
      path: '/api/v1/namespaces/shop/pods/web/log',
      headers: {},
      body: '',
    })
    expect(log.body).toContain('exec format error')
    await cluster.apply(
      podManifest('fits', 'registry.test:5000/app:1', {
        tolerations: [{ operator: 'Exists' }],
        nodeSelector: { 'kubernetes.io/arch': 'arm64' },
      }),
    )
    expect((await cluster.ready('fits')).spec.nodeName).toBe('node-2')
  })

  test('a layer that is gone', async () => {
    const cluster = await smallCluster()
    const digest = layer(cluster)
    cluster.storage.blobs.delete(digest)
    await cluster.apply(podManifest('web', 'registry.test:5000/app:1'))
    expect((await cluster.waiting('web', 'ErrImagePull')).message).toBe(
      `rpc error: code = NotFound desc = failed to pull and unpack image "registry.test:5000/app:1": failed to copy: httpReadSeeker: failed open: could not fetch content descriptor ${digest} (application/vnd.oci.image.layer.v1.tar+gzip) from remote: not found`,
    )
  })

  test('a layer that is another one', async () => {
    const cluster = await smallCluster()
    const digest = layer(cluster)
    cluster.storage.blobs.set(digest, Buffer.from('x'))
    await cluster.apply(podManifest('web', 'registry.test:5000/app:1'))
    expect((await cluster.waiting('web', 'ErrImagePull')).message).toMatch(
      `failed commit on ref "layer-${digest}": unexpected commit digest sha256:2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881, expected ${digest}: failed precondition`,
    )
  })
})
