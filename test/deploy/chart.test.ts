import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { configurationSchema } from '../../src/config/configuration.ts'
import { readEnvironment, serviceSettings } from '../../src/config/environment.ts'
import { loadKubeconfig } from '../../src/kubernetes/kubeconfig.ts'
import { chart, helm, leastValues, type RenderedObject, refusal, render, whyNoHelm } from '../support/helm.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

if (whyNoHelm && process.env.REQUIRE_ALL) throw new Error(whyNoHelm)
if (whyNoHelm) console.log(`skipped: ${whyNoHelm}`)

const redis = { redis: { enabled: true, url: 'rediss://redis.example:6380' } }
const probe = { nodeProbe: { enabled: true }, image: { repository: 'r.example/i', digest: `sha256:${'0'.repeat(64)}` } }

const podSchema = z.looseObject({
  securityContext: z.looseObject({}),
  containers: z.array(
    z.looseObject({
      name: z.string(),
      image: z.string(),
      args: z.array(z.string()),
      env: z.array(z.looseObject({ name: z.string(), value: z.string().optional() })).default([]),
      securityContext: z.looseObject({}),
      volumeMounts: z.array(z.looseObject({ name: z.string(), mountPath: z.string() })),
    }),
  ),
  volumes: z.array(z.looseObject({ name: z.string() })),
})
const workload = z.looseObject({
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({
    strategy: z.looseObject({ type: z.string() }),
    selector: z.object({ matchLabels: z.record(z.string(), z.string()) }),
    template: z.looseObject({
      metadata: z.looseObject({
        labels: z.record(z.string(), z.string()),
        annotations: z.record(z.string(), z.string()),
      }),
      spec: podSchema,
    }),
  }),
})

function deployments(values: object): readonly z.infer<typeof workload>[] {
  return render({ ...leastValues, ...values })
    .filter(({ kind }) => kind === 'Deployment')
    .map((it) => workload.parse(it))
}

function one(objects: readonly RenderedObject[], kind: string): RenderedObject {
  const found = objects.filter((it) => it.kind === kind)
  expect(found, kind).toHaveLength(1)
  return found[0] as RenderedObject // its number was just checked
}

function kinds(values: object): readonly string[] {
  return render({ ...leastValues, ...values }).map(({ kind, metadata }) => `${kind}/${metadata.name}`)
}

/** The configuration that the ConfigMap holds, as imagepull reads it. */
function configurationOf(values: object): ReturnType<typeof configurationSchema.parse> {
  const { data } = z
    .looseObject({ data: z.object({ 'config.yaml': z.string() }) })
    .parse(one(render({ ...leastValues, ...values }), 'ConfigMap'))
  return configurationSchema.parse(parse(data['config.yaml']))
}

describe.skipIf(whyNoHelm)('the chart', () => {
  test('passes helm lint, as it is and with the least values', () => {
    for (const values of [{}, leastValues, { ...leastValues, ...redis }])
      expect(helm(['lint', '--strict', '--kube-version', '1.33.0', chart], values)).toMatchObject({ ok: true })
  })

  test('makes one process with a volume, which is replaced before the next one starts', () => {
    const [only, ...more] = deployments({})
    expect(more).toEqual([])
    expect(only?.spec.strategy.type).toBe('Recreate')
    expect(only?.spec.template.spec.containers[0]?.args).toEqual(['start', '--role', 'all'])
    expect(kinds({})).toContain('PersistentVolumeClaim/imagepull-data')
  })

  test('with Redis makes web and worker without a volume, and only web is behind the Service', () => {
    const all = render({ ...leastValues, ...redis })
    expect(deployments(redis).map((it) => it.metadata.name)).toEqual(['imagepull-web', 'imagepull-worker'])
    expect(all.map(({ kind }) => kind)).not.toContain('PersistentVolumeClaim')
    expect(one(all, 'Service')).toMatchObject({ spec: { selector: { 'app.kubernetes.io/component': 'web' } } })
    expect(all.filter(({ kind }) => kind === 'PodDisruptionBudget')).toHaveLength(2)
  })

  test.each([{}, redis])('starts pods that the restricted standard of Pod Security admits: %j', (values) => {
    for (const { spec } of deployments({
      ...values,
      gitSync: { enabled: true, repository: 'https://git.example/a.git' },
    })) {
      const pod = spec.template.spec
      expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } })
      for (const { securityContext } of pod.containers)
        expect(securityContext).toMatchObject({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        })
    }
  })

  test.each([
    {},
    redis,
    { gitSync: { enabled: true, repository: 'https://git.example/a.git' } },
    { kubeconfig: { secret: 'k' } },
  ])('mounts only volumes that the pod has, and selects its own pods: %j', (values) => {
    for (const { spec } of deployments(values)) {
      const { volumes, containers } = spec.template.spec
      const names = new Set(volumes.map(({ name }) => name))
      for (const { volumeMounts } of containers) expect(volumeMounts.filter(({ name }) => !names.has(name))).toEqual([])
      expect(spec.template.metadata.labels).toMatchObject(spec.selector.matchLabels)
    }
  })

  test('gives an environment that start takes', () => {
    for (const { spec } of deployments(redis)) {
      const [container] = spec.template.spec.containers
      const variables = Object.fromEntries(container?.env.map(({ name, value }) => [name, value]) ?? [])
      const tokens = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' }
      const settings = serviceSettings(readEnvironment({ ...variables, ...tokens }), 'web')
      expect(settings).toMatchObject({ port: 3000, dataDirectory: '/data/imagepull' })
      expect(settings.redis?.layout).toEqual({
        kind: 'server',
        address: { host: new URL(redis.redis.url).hostname, port: 6380 },
      })
    }
  })

  test('completes the configuration by what other values say', () => {
    expect(configurationOf({}).clusters).toMatchObject([{ name: 'in-cluster', secrets: 'none', namespaces: [] }])
    const rbac = { namespaces: ['shop'], secrets: { enabled: true } }
    expect(configurationOf({ rbac, cluster: { name: 'prod-eu' } }).clusters).toMatchObject([
      { name: 'prod-eu', secrets: 'read', namespaces: ['shop'] },
    ])
    const own = { config: { clusters: [{ name: 'a', context: 'a' }] } }
    expect(configurationOf(own).clusters).toMatchObject([{ name: 'a', context: 'a' }])
    const gitSync = { enabled: true, repository: 'https://git.example/apps.git' }
    expect(configurationOf({ gitSync }).gitops.directory).toBe('/gitops/checkout')
    expect(configurationOf(probe).actions.testFromNode).toMatchObject({ enabled: true, namespace: 'imagepull-probe' })
  })

  test('reads its own cluster beside those of a kubeconfig', () => {
    const clusters = [{ name: 'prod-eu' }, { name: 'prod-us', context: 'prod-us' }]
    const values = { kubeconfig: { secret: 'k' }, cluster: { name: 'prod-eu' }, config: { clusters } }
    const [container] = deployments(values)[0]?.spec.template.spec.containers ?? []
    const files = container?.env.find(({ name }) => name === 'KUBECONFIG')?.value?.split(':') ?? []
    expect(files.map((file) => dirname(file))).toEqual(
      ['config', 'kubeconfig'].map((it) => container?.volumeMounts.find(({ name }) => name === it)?.mountPath),
    )
    const { data } = z
      .looseObject({ data: z.object({ 'kubeconfig.yaml': z.string() }) })
      .parse(one(render({ ...leastValues, ...values }), 'ConfigMap'))
    using folder = temporaryFolder()
    const kubeconfig = join(folder.path, 'kubeconfig.yaml')
    writeFileSync(kubeconfig, data['kubeconfig.yaml'])
    expect(loadKubeconfig({ kubeconfig })).toMatchObject({
      context: 'prod-eu',
      cluster: { server: 'https://kubernetes.default.svc' },
      user: { tokenFile: '/var/run/secrets/kubernetes.io/serviceaccount/token' },
    })
  })

  test('makes only the account of a cluster that is read from elsewhere', () => {
    const made = render({ accountOnly: true }).map(({ kind }) => kind)
    expect(made.toSorted()).toEqual(['ClusterRole', 'ClusterRoleBinding', 'Secret', 'ServiceAccount'])
  })

  test('starts pods anew when the configuration or a token of the release changes', () => {
    const annotations = (values: object) => deployments(values)[0]?.spec.template.metadata.annotations
    const tokens = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' }
    const secret = { existing: '', values: tokens }
    expect(annotations({})).toEqual(annotations({ worker: { replicas: 3 } }))
    expect(annotations({})).not.toEqual(annotations({ cluster: { name: 'prod-eu' } }))
    expect(annotations({ secret })).not.toEqual(
      annotations({ secret: { ...secret, values: { ...tokens, SLACK_BOT_TOKEN: 'xoxb-2' } } }),
    )
  })

  test('takes tokens from a Secret, from values, or from the External Secrets Operator', () => {
    const values = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' }
    const external = { enabled: true, storeName: 'vault', key: 'team/imagepull' }
    expect(kinds({}).filter((it) => /secret/i.test(it))).toEqual([])
    expect(kinds({ secret: { existing: '', values } })).toContain('Secret/imagepull')
    expect(kinds({ secret: { existing: '', external } })).toContain('ExternalSecret/imagepull')
  })

  test('exposes the path of Slack alone', () => {
    const ingress = { enabled: true, host: 'imagepull.example.com' }
    const made = JSON.stringify(one(render({ ...leastValues, ingress }), 'Ingress'))
    expect([...made.matchAll(/"path":"([^"]+)"/g)].map(([, path]) => path)).toEqual(['/slack/events'])
  })

  test('lets traffic through to what is configured', () => {
    const config = {
      ...leastValues.config,
      registries: [{ host: 'registry.example:8443' }, { host: 'harbor.example' }],
    }
    const policy = one(render({ ...leastValues, config, networkPolicy: { enabled: true } }), 'NetworkPolicy')
    const ports = [...JSON.stringify(policy).matchAll(/"port":(\d+)/g)].map(([, port]) => Number(port))
    expect(ports).toEqual([53, 53, 443, 6443, 5000, 6379, 8443])
  })
})

describe.skipIf(whyNoHelm)('values that cannot be right are refused in words', () => {
  test.each([
    [{ image: {} }, 'Set image.repository to the image that you built'],
    [{ secret: {} }, 'Tokens are missing: set secret.existing'],
    [{ secret: { existing: 'a', values: { SLACK_BOT_TOKEN: 'xoxb-1' } } }, 'Set only one of secret.existing'],
    [{ secret: { values: { SLACK_BOT_TOKEN: 'xoxb-1' } } }, 'secret.values needs SLACK_APP_TOKEN (Socket Mode)'],
    [{ redis: { url: 'redis://r' } }, 'redis.url has no effect without redis.enabled: true'],
    [{ redis: { enabled: true, url: 'http://r' } }, "at '/redis/url'"],
    [{ nodeProbe: { enabled: true } }, 'nodeProbe needs image.digest'],
    [{ ingress: { enabled: true } }, 'ingress.enabled needs ingress.host'],
    [{ gitSync: { enabled: true } }, 'gitSync.enabled needs gitSync.repository'],
    [{ replicas: 3 }, "additional properties 'replicas' not allowed"],
    [{ rbac: { actions: { 'rerun-builds': { enabled: true } } } }, "additional properties 'rerun-builds' not allowed"],
    [{ config: { chanels: [] } }, "at '/config': additional properties 'chanels' not allowed"],
    [{ config: { channels: [{}] } }, "at '/config/channels/0': missing property 'id'"],
    [{ config: { clusters: [{ name: 'a', secrets: 'all' }] } }, "value must be one of 'none', 'read'"],
  ])('%j', (values, words) => {
    expect(refusal({ ...leastValues, ...values })).toContain(words)
  })
})
