import { createServer } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { backoff } from '../../../src/demo/cluster/kubelet/backoff.ts'
import { type Listening, listen, listenOnLoopback } from '../../../src/demo/listen.ts'
import { addImage } from '../../../src/demo/registry/add-image.ts'
import { basicAccess } from '../../../src/demo/registry/basic-access.ts'
import { certificateAuthority } from '../../../src/demo/registry/certificate-authority.ts'
import { handshakeBreaker } from '../../../src/demo/registry/handshake-breaker.ts'
import { registryListener } from '../../../src/demo/registry/registry-listener.ts'
import type { HandleRegistry } from '../../../src/demo/registry/registry-request.ts'
import { registryStorage } from '../../../src/demo/registry/registry-storage.ts'
import { sampleRegistry } from '../../../src/demo/registry/sample-registry.ts'
import { tokenAccess } from '../../../src/demo/registry/token-access.ts'
import { pullSecret } from '../../../src/demo/sample/manifests.ts'
import { read } from '../../../src/messages/read.ts'
import { authority, podManifest, type SmallCluster, smallCluster } from '../../support/small-cluster.ts'

const zeros = `sha256:${'0'.repeat(64)}`
const accounts = new Map([['puller', 'right']])

/** Puts something else at `other.test:5443`. */
async function other(cluster: SmallCluster, server: Listening): Promise<void> {
  onTestFinished(() => server.close())
  cluster.network.name('other.test', '198.51.100.8')
  cluster.network.attach('198.51.100.8', 5443, server.port)
}

async function withTls(handle: HandleRegistry, host = 'other.test', by = authority): Promise<Listening> {
  return listen(registryListener(handle), await by.certify([host]))
}

function stored() {
  const storage = registryStorage()
  addImage(storage, { repository: 'app', tags: ['1'] })
  return storage
}

function withTokens(discreet: 'denies' | 'grants-nothing'): HandleRegistry {
  const realm = 'https://other.test:5443/token'
  const access = tokenAccess({ realm, service: 'other', accounts, isPublic: () => false, discreet })
  const registry = sampleRegistry(stored(), { access })
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
    other(cluster, await make())
const secret =
  (host: string, password = 'right'): Prepare =>
  (cluster) =>
    cluster.apply(pullSecret('shop', 'regcred', host, 'puller', password))

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
      await other(cluster, server)
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
    serving(() => withTls(sampleRegistry(stored(), { access: basicAccess(accounts, 'r') }))),
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

describe('names', () => {
  test.each([
    ['registry.test:5000/Team/App:1', 'invalid reference format: repository name (Team/App) must be lowercase'],
    ['registry.test:5000/app:$TAG', 'invalid reference format'],
    ['https://registry.test:5000/app:1', 'invalid reference format'],
  ])('%s', async (image, words) => {
    const cluster = await smallCluster()
    await cluster.apply(podManifest('web', image))
    const { message } = await cluster.waiting('web', 'InvalidImageName')
    expect(message).toBe(`Failed to apply default image tag "${image}": couldn't parse image name "${image}": ${words}`)
    const said = cluster
      .eventsOf(cluster.pods('web')[0]?.metadata.uid ?? '')
      .map(({ reason, message }) => [reason, message])
    expect(said).toContainEqual(['InspectFailed', message])
    expect(cluster.asked).toEqual([])
  })
})

describe('pull secrets', () => {
  const image = 'other.test:5443/app:1'
  const pod = podManifest('web', image, { imagePullSecrets: [{ name: 'regcred' }] })
  const closed = serving(() => withTls(sampleRegistry(stored(), { access: basicAccess(accounts, 'r') })))
  const anonymous = `${opening(image)}${privately}authorization failed: no basic auth credentials`

  test.each([
    ['for that host and port', secret('other.test:5443'), undefined],
    ['for another port', secret('other.test'), anonymous],
    [
      'with a wrong password',
      secret('other.test:5443', 'wrong'),
      `${opening(image)}unexpected status from HEAD request to ${url}: 401 Unauthorized`,
    ],
    ['that is not there', nothing, anonymous],
  ] as const)('%s', async (_, prepare, message) => {
    const cluster = await smallCluster()
    await closed(cluster)
    await prepare(cluster)
    await cluster.apply(pod)
    if (message === undefined) await cluster.ready('web')
    else expect((await cluster.waiting('web', 'ErrImagePull')).message).toBe(message)
  })

  test('that is not there: an event says so, for the pod as a whole', async () => {
    const cluster = await smallCluster()
    await closed(cluster)
    await cluster.apply(pod)
    await cluster.waiting('web', 'ImagePullBackOff')
    const event = cluster.list('events').find(({ reason }) => reason === 'FailedToRetrieveImagePullSecret')
    expect(event?.message).toBe(
      'Unable to retrieve some image pull secrets (regcred); attempting to pull the image may not succeed.',
    )
    expect(event?.involvedObject.fieldPath).toBe('')
  })

  test('that does not decode: its error is the reason', async () => {
    const cluster = await smallCluster()
    const config = Buffer.from(JSON.stringify({ auths: { 'other.test:5443': { auth: '***' } } })).toString('base64')
    await cluster.apply(
      JSON.stringify({
        kind: 'Secret',
        metadata: { namespace: 'shop', name: 'regcred' },
        type: 'kubernetes.io/dockerconfigjson',
        data: { '.dockerconfigjson': config },
      }),
    )
    await cluster.apply(pod)
    const words = 'illegal base64 data at input byte 0'
    expect((await cluster.waiting('web', words)).message).toBe(words)
  })

  test('an image that needed a login is only for those who have it', async () => {
    const cluster = await smallCluster()
    await closed(cluster)
    await secret('other.test:5443')(cluster)
    await cluster.apply(pod)
    await cluster.ready('web')
    await cluster.apply(podManifest('stranger', image))
    expect((await cluster.waiting('stranger', 'ErrImagePull')).message).toBe(anonymous)
  })
})

describe('policies', () => {
  const image = 'registry.test:5000/app:1'
  const heads = ({ asked }: SmallCluster) => asked.filter((it) => it.startsWith('HEAD')).length

  test.each([
    ['IfNotPresent', 1],
    ['Always', 2],
  ])('%s asks the registry %i times for two pods', async (imagePullPolicy, count) => {
    const cluster = await smallCluster()
    for (const name of ['one', 'two']) {
      await cluster.apply(podManifest(name, image, {}, { imagePullPolicy }))
      await cluster.ready(name)
    }
    expect(heads(cluster)).toBe(count)
    expect(cluster.list('nodes')[0]?.status.images[0]?.names).toContain(image)
  })

  test('Never asks nobody', async () => {
    const cluster = await smallCluster()
    await cluster.apply(podManifest('web', image, {}, { imagePullPolicy: 'Never' }))
    expect((await cluster.waiting('web', 'ErrImageNeverPull')).message).toBe(
      `Container image "${image}" is not present with pull policy of Never`,
    )
    expect(cluster.asked).toEqual([])
    await cluster.apply(podManifest('puller', image))
    await cluster.ready('puller')
    await cluster.ready('web')
  })
})

describe('the back-off', () => {
  const image = 'registry.test:5000/app:9'

  test('doubles up to its limit, and is forgotten with its pod', () => {
    const waits = backoff({ first: 5_000, most: 40_000 })
    expect([1, 2, 3, 4, 5].map(() => waits.next('uid_image', 0))).toEqual([5_000, 10_000, 20_000, 40_000, 40_000])
    expect([39_999, 40_000].map((now) => waits.isWaiting('uid_image', now))).toEqual([true, false])
    expect(waits.isWaiting('other_image', 0)).toBe(false)
    waits.forget('uid')
    expect([waits.isWaiting('uid_image', 0), waits.next('uid_image', 0)]).toEqual([false, 5_000])
  })

  test('ends by itself with a pull that works', async () => {
    const cluster = await smallCluster()
    await cluster.apply(podManifest('web', image))
    await cluster.waiting('web', 'ImagePullBackOff')
    addImage(cluster.storage, { repository: 'app', tags: ['9'] })
    const { metadata } = await cluster.ready('web')
    expect(cluster.eventsOf(metadata.uid).find(({ reason }) => reason === 'Pulling')?.count).toBeGreaterThan(1)
  })

  test('belongs to one pod: another one of the same image tries at once', async () => {
    const cluster = await smallCluster([{ repository: 'app', tags: ['1'] }], {
      imageBackoff: { first: 1e9, most: 1e9 },
    })
    await cluster.apply(`
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: main, image: "${image}" }] } }
`)
    await cluster.waiting('web', 'ImagePullBackOff')
    const [first] = cluster.pods('web')
    addImage(cluster.storage, { repository: 'app', tags: ['9'] })
    await cluster.handle({
      method: 'DELETE',
      path: `/api/v1/namespaces/shop/pods/${first?.metadata.name}`,
      headers: {},
      body: '',
    })
    const next = await cluster.ready('web')
    expect(next.metadata.uid).not.toBe(first?.metadata.uid)
    await cluster.until('the old pod is gone', () => cluster.pods('web').length === 1)
  })
})

describe('a pod', () => {
  test('tells how it came to life', async () => {
    const cluster = await smallCluster()
    await cluster.apply(
      podManifest('web', 'registry.test:5000/app:1', {}, { readinessProbe: { httpGet: { port: 80 } } }),
    )
    const { metadata, status } = await cluster.ready('web')
    expect(status).toMatchObject({
      phase: 'Running',
      podIP: '10.42.1.2',
      containerStatuses: [
        {
          image: 'registry.test:5000/app:1',
          imageID: expect.stringMatching(/^registry\.test:5000\/app@sha256:/),
          ready: true,
          restartCount: 0,
        },
      ],
    })
    const said = cluster.eventsOf(metadata.uid)
    expect(said.map(({ reason }) => reason).toSorted()).toEqual([
      'Created',
      'Pulled',
      'Pulling',
      'Scheduled',
      'Started',
    ])
    expect(said.find(({ reason }) => reason === 'Pulled')).toMatchObject({
      message: expect.stringMatching(
        /^Successfully pulled image "registry.test:5000\/app:1" in [\d.]+m?s \([\d.]+m?s including waiting\)\. Image size: \d+ bytes\.$/,
      ),
      source: { host: 'node-1' },
      involvedObject: { fieldPath: 'spec.containers{main}' },
    })
  })

  test('waits for its init containers', async () => {
    const cluster = await smallCluster([
      { repository: 'app', tags: ['1'] },
      { repository: 'done', tags: ['1'], labels: { 'imagepull.dev/program': 'crash', 'imagepull.dev/exit-code': '0' } },
    ])
    const init = (image: string) => ({ initContainers: [{ name: 'init', image }] })
    await cluster.apply(podManifest('good', 'registry.test:5000/app:1', init('registry.test:5000/done:1')))
    await cluster.apply(podManifest('bad', 'registry.test:5000/app:1', init('registry.test:5000/done:9')))
    expect((await cluster.ready('good')).status.initContainerStatuses[0]?.state.terminated?.reason).toBe('Completed')
    const [bad] = await cluster.until('bad fails', () =>
      cluster
        .pods('bad')
        .filter(({ status }) => status.initContainerStatuses[0]?.state.waiting?.reason === 'ImagePullBackOff'),
    )
    await cluster.until(
      'bad waits',
      () => cluster.pods('bad')[0]?.status.containerStatuses[0]?.state.waiting?.reason === 'PodInitializing',
    )
    expect(bad?.status.phase ?? 'Pending').toBe('Pending')
  })

  test('that crashes is started again, ever later, and keeps its previous log', async () => {
    const labels = {
      'imagepull.dev/program': 'crash',
      'imagepull.dev/exit-code': '3',
      'imagepull.dev/log': 'no configuration',
    }
    const cluster = await smallCluster([{ repository: 'app', tags: ['1'], labels }])
    await cluster.apply(podManifest('web', 'registry.test:5000/app:1'))
    const { message } = await cluster.waiting('web', 'CrashLoopBackOff')
    const [pod] = cluster.pods('web')
    expect(message).toBe(`back-off 10s restarting failed container=main pod=web_shop(${pod?.metadata.uid})`)
    expect(pod?.status.containerStatuses[0]).toMatchObject({
      lastState: { terminated: { exitCode: 3, reason: 'Error' } },
    })
    const log = await cluster.handle({
      method: 'GET',
      path: '/api/v1/namespaces/shop/pods/web/log?previous=true',
      headers: {},
      body: '',
    })
    expect(log.body).toBe('no configuration\n')
  })
})
