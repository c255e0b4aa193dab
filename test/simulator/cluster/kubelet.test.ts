import { describe, expect, test } from 'vitest'
import { pullSecret } from '../../../src/demo/sample/manifests.ts'
import { backoff } from '../../../src/simulator/cluster/kubelet/node.ts'
import { basicAccess } from '../../../src/simulator/registry/access.ts'
import { sampleRegistry } from '../../../src/simulator/registry/server.ts'
import { addImage } from '../../../src/simulator/registry/storage.ts'
import { accounts, putOther, storedApp, withTls } from '../../support/other-registry.ts'
import { podManifest, type SmallCluster, smallCluster } from '../../support/small-cluster.ts'

type Prepare = (cluster: SmallCluster) => unknown
const nothing: Prepare = () => undefined
const secret =
  (host: string, password = 'right'): Prepare =>
  (cluster) =>
    cluster.apply(pullSecret('shop', 'regcred', host, 'puller', password))

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
  const closed: Prepare = async (cluster) =>
    putOther(cluster, await withTls(sampleRegistry(storedApp(), { access: basicAccess(accounts, 'r') })))
  const opening = `failed to pull and unpack image "${image}": failed to resolve image: `
  const url = 'https://other.test:5443/v2/app/manifests/1'
  const anonymous = `${opening}pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials`

  test.each([
    ['for that host and port', secret('other.test:5443'), undefined],
    ['for another port', secret('other.test'), anonymous],
    [
      'with a wrong password',
      secret('other.test:5443', 'wrong'),
      `${opening}unexpected status from HEAD request to ${url}: 401 Unauthorized`,
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
    const { status } = await cluster.until('bad fails', () =>
      cluster
        .pods('bad')
        .find((pod) => pod.status.initContainerStatuses[0]?.state.waiting?.reason === 'ImagePullBackOff'),
    )
    expect(status).toMatchObject({
      phase: 'Pending',
      containerStatuses: [{ state: { waiting: { reason: 'PodInitializing' } } }],
    })
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
