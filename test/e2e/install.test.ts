import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { actionRights } from '../../src/remediation/action-id.ts'
import { redisStore } from '../../src/store/redis/store.ts'
import { actionWorkspace } from '../support/action-workspace.ts'
import { type Alertmanager, alertmanager, whyNoAlertmanager } from '../support/alertmanager.ts'
import { leastValues, renderText, whyNoHelm } from '../support/helm.ts'
import { type RedisServer, redisServer, whyNoRedis } from '../support/redis-server.ts'
import { webhookToken } from '../support/running-app.ts'
import { startCluster, whyNoCluster } from './cluster.ts'
import { buildContainerImage } from './container-image.ts'
import { copyImage } from './registry-copy.ts'
import { nodeAddress, places, prepareRelease, type Release, registry } from './release.ts'

const missing = whyNoCluster() ?? whyNoHelm ?? whyNoAlertmanager ?? whyNoRedis
if (missing && process.env.REQUIRE_ALL) throw new Error(missing)
if (missing) console.log(`skipped: ${missing}`)

const { incidents, bot } = actionWorkspace
const outside = '127.0.0.1:5500'
const buttons = Object.keys(actionRights).filter((it) => it !== 'test-from-node')
/** Of this run alone: the registry keeps what was pushed. */
const nextTag = `2-${Date.now()}`
const pods = ['-n', places.release, 'get', 'pods', '-l', 'app.kubernetes.io/name=imagepull']

/** Of the second node, on which only this test's pods may run. */
const tolerations = [{ key: 'extra-node', operator: 'Exists' }]

function deployment(name: string, image: string): string {
  const containers = [{ name: 'main', image, imagePullPolicy: 'Always' }]
  return JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace: places.workloads, name },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name, scenario: name } },
        spec: { terminationGracePeriodSeconds: 1, tolerations, containers },
      },
    },
  })
}

describe.skipIf(missing)('installed by the chart, from the image of the Dockerfile', () => {
  let cluster: Awaited<ReturnType<typeof startCluster>>
  let release: Release
  let redis: RedisServer
  let alerts: Alertmanager | undefined

  beforeAll(async () => {
    cluster = await startCluster()
    const tag = process.env.IMAGEPULL_IMAGE_TAG ?? 'e2e' // of an image that is there, for who works on this file
    if (tag === 'e2e') await buildContainerImage(cluster, tag)
    await copyImage(registry, outside, 'imagepull', tag)
    release = await prepareRelease(cluster, `registry.test:5500/imagepull:${tag}`)
    redis = await redisServer('--bind', '127.0.0.1', nodeAddress, '--protected-mode', 'no')
    await copyImage(outside, registry, 'team/app', '1.0', 'shop/app')
  }, 900_000)
  afterAll(async () => {
    await alerts?.[Symbol.asyncDispose]()
    await release?.[Symbol.asyncDispose]()
    await redis?.[Symbol.asyncDispose]()
  })

  /** The roots of threads that say this. */
  const threads = (says: RegExp) =>
    release.slack
      .messages(incidents)
      .filter((it) => it.user === bot && !it.threadTs && says.test(release.slack.plainText(it)))

  async function podNames(labels: string): Promise<readonly string[]> {
    const names = await cluster.kubectl('-n', places.workloads, 'get', 'pods', '-l', labels, '-o=name')
    return names
      .trim()
      .split('\n')
      .map((it) => it.replace('pod/', ''))
  }

  async function alert(...apps: readonly string[]): Promise<void> {
    alerts ??= await startAlertmanager()
    for (const app of apps) {
      await cluster.podOf(app, /ErrImagePull|ImagePullBackOff/)
      const labels = { alertname: 'ImagePullFailing', namespace: places.workloads, severity: 'critical' }
      await alerts.alert(...(await podNames(`app=${app}`)).map((pod) => ({ labels: { ...labels, pod } })))
    }
  }

  /** That the image of this name is missing: how much the registry adds to the kubelet's words depends on its own health. */
  async function hearsVerdict(name: string): Promise<void> {
    await release.hears(
      new RegExp(`(?:Image never built|Tag does not exist|Repository missing)[\\s\\S]*${name}:latest`),
      90,
    )
  }

  /** It sends to the Service, whose address stays over upgrades. */
  async function startAlertmanager(): Promise<Alertmanager> {
    const url = `${await release.url()}/webhooks/alertmanager`
    const http_config = { authorization: { type: 'Bearer', credentials: webhookToken } }
    return alertmanager({ webhook_configs: [{ url, send_resolved: true, http_config }] })
  }

  test('the API server takes everything that the chart can make, and the rendering for kubectl', async () => {
    const on = { enabled: true }
    const everything = {
      ...leastValues,
      image: { repository: 'registry.example/imagepull', digest: `sha256:${'0'.repeat(64)}` },
      nodeProbe: { enabled: true, namespace: places.workloads, createNamespace: false },
      redis: { enabled: true, url: 'redis://redis.example' },
      ingress: { enabled: true, host: 'imagepull.example.com', tlsSecret: 'tls', className: 'nginx' },
      gitSync: { enabled: true, repository: 'https://git.example/apps.git', secret: 'git' },
      kubeconfig: { secret: 'clusters' },
      networkPolicy: on,
      dashboard: on,
      rbac: { secrets: on, exec: on, actions: Object.fromEntries(buttons.map((it) => [it, on])) },
    }
    const inNamespaces = { ...everything, rbac: { ...everything.rbac, namespaces: Object.values(places) } }
    const account = { ...leastValues, accountOnly: true }
    for (const values of [everything, inNamespaces, account])
      await cluster.tryApply(renderText(values, ['--skip-tests']))
    await cluster.tryApply(readFileSync(new URL('../../deploy/kubernetes.yaml', import.meta.url), 'utf8'))
  })

  test('one process: it is ready, and doctor is content with the rights that it has', async () => {
    await cluster.apply(deployment('shop', `${registry}/shop/app:${nextTag}`)) // its kubelet waits longer from try to try
    await release.deploy({})
    const said = await release.helm('test', 'imagepull', '--logs', '--timeout', '90s')
    expect(said).toMatch(/✓ embedded store: .* is in use: imagepull is running/)
    expect(said).toMatch(/✓ cluster real: reachable; all rights for \d+ features are granted/)
    expect(said).not.toContain('✗')
    const [line = ''] = said.split('\n').filter((it) => it.includes('restart-registry'))
    expect(line).toContain('its button is hidden')
  })

  test('a command is answered with a verdict that is proven from inside the cluster', async () => {
    await cluster.apply(deployment('wiki', `${registry}/wiki:latest`))
    await cluster.podOf('wiki', /not found/)
    await release.ask(`${places.workloads}/wiki`)
    const verdict = release.slack.plainText(await release.hears(/Image never built/))
    expect(verdict).toContain(`${registry}/wiki:latest is not in the registry`)
    expect(release.says()).not.toMatch(/\[Create build\]|\[Rerun build\]/) // it has no right to
  })

  test('an Alertmanager reaches it by its Service', async () => {
    await cluster.apply(deployment('cart', `${registry}/shop/app:3.0`))
    await alert('cart')
    await release.hears(/Tag missing[\s\S]*shop\/app:3\.0/)
  })

  test('a button works with the Roles of the chart, and a process that is deleted meanwhile changes nothing', async () => {
    await release.ask(`${places.workloads}/shop`)
    await release.hears(new RegExp(`Tag missing[\\s\\S]*shop/app:${nextTag}`))
    await copyImage(registry, registry, 'shop/app', '1.0', 'shop/app', nextTag)
    await release.press('check-again')
    await release.hears(/\[Delete stuck pod\]/)
    const [before] = await podNames('app=shop')
    await release.press('delete-stuck-pod')
    await vi.waitFor(async () => expect(await podNames('app=shop')).not.toContain(before), {
      timeout: 60_000,
      interval: 500,
    })
    await cluster.kubectl('-n', places.release, 'delete', 'pod', '-l', 'app.kubernetes.io/component=all')
    await release.hears(/✅ FIXED · shop/, 150)
    expect(threads(/shop/).filter((it) => /FIXED/.test(release.slack.plainText(it)))).toHaveLength(1)
  }, 300_000)

  test('web and worker with Redis: a rolling update in the middle of incidents loses and doubles nothing', async () => {
    const port = new URL(redis.url).port
    const values = {
      redis: { enabled: true, url: `redis://${nodeAddress}:${port}` },
      tolerations,
    }
    await release.deploy(values)
    const names = ['a', 'b', 'c'].map((it) => `roll-${it}`)
    for (const name of names) await cluster.apply(deployment(name, `${registry}/${name}:latest`))
    await alert(...names)
    await release.deploy({ ...values, podAnnotations: { 'example.com/again': 'yes' } })
    for (const name of names) {
      await hearsVerdict(name)
      expect(threads(new RegExp(`· ${name}`))).toHaveLength(1)
    }
  }, 300_000)

  test('a node is drained: the other one goes on', async () => {
    await cluster.addNode('install-2')
    const own = '--pod-selector=app.kubernetes.io/name=imagepull'
    try {
      await cluster.kubectl('drain', 'node-1', own, '--ignore-daemonsets', '--delete-emptydir-data', '--timeout=120s')
      for (const role of ['web', 'worker'])
        await cluster.kubectl(
          '-n',
          places.release,
          'rollout',
          'status',
          `deployment/imagepull-${role}`,
          '--timeout=90s',
        )
      const nodes = await cluster.kubectl(...pods, '--field-selector=status.phase=Running', '-o=jsonpath={..nodeName}')
      expect(new Set(nodes.split(' '))).toEqual(new Set(['install-2']))
      await cluster.apply(deployment('drained', `${registry}/drained:latest`))
      await alert('drained')
      await hearsVerdict('drained')
    } finally {
      await cluster.kubectl('uncordon', 'node-1')
    }
  }, 300_000)

  test('a roll-back leaves the records of a newer version as they are', async () => {
    const address = { host: '127.0.0.1', port: Number(new URL(redis.url).port) }
    const store = redisStore({
      redis: { layout: { kind: 'server', address }, database: 0 },
      keep: 86_400_000,
      onError: () => undefined,
    })
    try {
      const [known] = await store.list('incident', 'open real', 1)
      const newer = { ...(known?.value as object), id: 'NEWER1', version: 99, added: 'by a later version' } // JSON
      await store.write('incident', 'NEWER1', newer, { revision: 0, list: 'open real' })
      await release.helm('rollback', 'imagepull', '--wait', '--timeout', '300s')
      await cluster.apply(deployment('after', `${registry}/after:latest`))
      await alert('after')
      await hearsVerdict('after')
      expect(await store.read('incident', 'NEWER1')).toMatchObject({ value: newer, revision: 1 })
    } finally {
      await store.close()
    }
  }, 300_000)

  test('uninstalled, it leaves its volume and nothing else', async () => {
    await release.helm('uninstall', 'imagepull', '--wait', '--timeout', '90s')
    const kinds = 'deployments,services,configmaps,serviceaccounts,persistentvolumeclaims,poddisruptionbudgets'
    const left = await cluster.kubectl('-n', places.release, 'get', kinds, '-o=name')
    const ofKubernetes = ['configmap/kube-root-ca.crt', 'serviceaccount/default']
    const own = left.trim().split('\n')
    expect(own.filter((it) => !ofKubernetes.includes(it))).toEqual(['persistentvolumeclaim/imagepull-data'])
    const ofRelease = ['-l', 'app.kubernetes.io/managed-by=Helm,app.kubernetes.io/instance=imagepull', '-o=name']
    expect(await cluster.kubectl('get', 'clusterroles,clusterrolebindings', ...ofRelease)).toBe('')
    expect(await cluster.kubectl('-n', places.workloads, 'get', 'roles,rolebindings', ...ofRelease)).toBe('')
  })
})
