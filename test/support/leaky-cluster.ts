import { pullSecret } from '../../src/demo/sample/manifests.ts'
import type { ApiServerOptions } from '../../src/simulator/cluster/api/store.ts'
import { busyCluster } from './busy-cluster.ts'
import { planted } from './secret-shapes.ts'

/** What nobody may see, by where it stands. Each is found again by its own name in it. */
export const canaries = {
  password: 'canary-of-the-pull-secret-4f1d',
  message: 'canary-of-the-message-8a20',
  event: 'canary-of-an-event-77c3',
  argument: 'canary-of-an-argument-19be',
  variable: 'canary-of-a-variable-5dd0',
  url: 'canary-of-a-url-c0a7',
  header: 'canary-of-a-header-e2f4',
  /** In the form of GitHub's. */
  token: 'ghp_canaryOfATokenOfGitHub0123456789ABCD',
  key: 'canaryOfAPrivateKeyMIIEvQIBADANBgkq',
  // Plain words, which no rule would take for secrets: only that these fields are never kept hides them.
  environment: 'plain canary of an environment',
  command: 'plain canary of a command',
  annotation: 'plain canary of an annotation',
  label: 'plain-canary-of-a-label',
  probe: 'plain canary of a probe',
} as const

/** Every shape of a secret, in the fields of a container and of an object where people leave such things. */
const everyText = planted.map(({ text }) => text)
const container = {
  command: ['sh', '-c', canaries.command],
  args: everyText,
  env: [
    { name: 'GREETING', value: canaries.environment },
    ...everyText.map((value, index) => ({ name: `SETTING_${index}`, value })),
  ],
  readinessProbe: { exec: { command: ['probe', canaries.probe] } },
}
const annotations = {
  note: canaries.annotation,
  'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ spec: { containers: [container] } }),
}

const labels = { 'batch.kubernetes.io/job-name': 'web-build' }

/** A workload whose pull fails, its login, and its failed build: every text in it gives something away. */
export function leakyCluster(host: string): {
  readonly objects: readonly unknown[]
  readonly api: ApiServerOptions
} {
  const image = `${host}/web:9.9`
  const says = `failed to pull and unpack image "${image}": failed to resolve reference: pulling from host ${host} failed with status code [manifests 9.9]: 404 Not Found, as https://robot:${canaries.message}@${host}/v2/ said`
  const [namespace, workload, replicas, pod] = busyCluster(host, ['web']) as readonly [unknown, object, unknown, object]
  const waiting = { name: 'main', image, state: { waiting: { reason: 'ErrImagePull', message: says } } }
  const login = { imagePullSecrets: [{ name: 'login' }] }
  const objects = [
    namespace,
    withMore(workload, { metadata: { annotations }, spec: { template: leakyTemplate(image) } }),
    replicas,
    withMore(pod, {
      metadata: { annotations, labels: { app: 'web', hint: canaries.label } },
      spec: { ...login, containers: [{ name: 'main', image, ...container }] },
      status: { containerStatuses: [waiting] },
    }),
    JSON.parse(pullSecret('shop', 'login', host, 'robot', canaries.password)),
    event(`Failed to pull image "${image}": authorization: Bearer ${canaries.event}`),
    ...everyText.map((text, index) => event(`Error: ${text}`, `web-told-${index}`)),
    build(image),
    buildPod(),
  ]
  return { objects, api: { logs: { 'shop/web-build-x7k2p/kaniko': buildLog(image) } } }
}

type Fields = Readonly<Record<string, unknown>>

/** Field by field, one level deep. */
function withMore(object: object, more: Readonly<Record<string, object>>): object {
  const before = object as Readonly<Record<string, Fields>> // of busy-cluster.ts
  return {
    ...before,
    ...Object.fromEntries(Object.entries(more).map(([name, of]) => [name, { ...before[name], ...of }])),
  }
}

function leakyTemplate(image: string): object {
  return {
    metadata: { labels: { app: 'web' }, annotations },
    spec: { containers: [{ name: 'main', image, ...container }] },
  }
}

function event(message: string, name = 'web-failed'): object {
  return {
    kind: 'Event',
    metadata: { name, namespace: 'shop' },
    involvedObject: {
      kind: 'Pod',
      namespace: 'shop',
      name: 'web-5d9cf86b95-26kvf',
      uid: 'pod.shop.web-5d9cf86b95-26kvf',
    },
    type: 'Warning',
    reason: 'Failed',
    message,
    count: 7,
    lastTimestamp: '2026-11-24T03:10:00Z',
  }
}

function template(image: string): object {
  const args = [
    `--context=https://builder:${canaries.url}@git.acme.io/shop/web.git`,
    `--destination=${image}`,
    `--build-arg=NPM_TOKEN=${canaries.argument}`,
    ...everyText,
  ]
  const env = [{ name: 'GIT_PASSWORD', value: canaries.variable }, ...container.env]
  return { spec: { containers: [{ name: 'kaniko', image: 'gcr.io/kaniko-project/executor:v1.24.0', args, env }] } }
}

function build(image: string): object {
  return {
    kind: 'Job',
    metadata: {
      name: 'web-build',
      namespace: 'shop',
      uid: 'u-build',
      annotations,
      creationTimestamp: '2026-11-24T02:50:00Z',
    },
    spec: { backoffLimit: 0, template: template(image) },
    status: {
      failed: 1,
      conditions: [{ type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded', message: 'it failed' }],
    },
  }
}

function buildPod(): object {
  return {
    kind: 'Pod',
    metadata: { name: 'web-build-x7k2p', namespace: 'shop', labels, creationTimestamp: '2026-11-24T02:50:01Z' },
    spec: { nodeName: 'node-1', containers: [{ name: 'kaniko', image: 'gcr.io/kaniko-project/executor:v1.24.0' }] },
    status: {
      phase: 'Failed',
      containerStatuses: [{ name: 'kaniko', image: 'x', state: { terminated: { exitCode: 1, reason: 'Error' } } }],
    },
  }
}

function buildLog(image: string): string {
  return [
    'INFO[0000] Retrieving image manifest node:22-alpine',
    `+ NPM_TOKEN=${canaries.argument} GIT_PASSWORD=${canaries.variable} npm ci`,
    `npm http fetch GET https://builder:${canaries.url}@npm.acme.io/express`,
    `authorization: Basic ${canaries.header}`,
    `-----BEGIN PRIVATE KEY-----\n${canaries.key}\n-----END PRIVATE KEY-----`,
    ...everyText,
    `npm error code E401 with token ${canaries.token}`,
    `error building image for ${image}: error building stage: failed to execute command: NPM_TOKEN=${canaries.argument} npm ci: waiting for process to exit: exit status 1`,
    '',
  ].join('\n')
}
