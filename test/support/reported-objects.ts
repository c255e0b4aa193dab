import { z } from 'zod'

/** Kubernetes objects that are written in full. */
const objects = z.array(z.looseObject({ kind: z.string() })).default([])

const event = z.object({
  reason: z.string(),
  message: z.string(),
  type: z.string().default('Warning'),
  container: z.string().optional(),
})

/** One container, and what its status says. */
const container = z.looseObject({
  name: z.string().default('app'),
  image: z.string(),
  /** The waiting message. */
  says: z.string().optional(),
  reason: z.string().default('ErrImagePull'),
  /** Another state than waiting, such as `{ running: {} }`. */
  state: z.looseObject({}).optional(),
})

/** A pod that cannot pull, in as few words as it takes. */
const pod = container.extend({
  pod: z.string().default('web-5d9cf86b95-26kvf'),
  /** Other containers than the one above, and init containers. */
  beside: z.array(container).default([]),
  init: z.array(container).default([]),
  secrets: z.array(z.string()).default([]),
  volumes: z.array(z.looseObject({})).default([]),
  labels: z.record(z.string(), z.string()).default({}),
  annotations: z.record(z.string(), z.string()).default({}),
  /** `Kind/name` of its controller. A ReplicaSet's Deployment is made, too. */
  owner: z.string().default('ReplicaSet/web-5d9cf86b95'),
  /** Of the controller of its ReplicaSet: Deployment, or a Rollout of Argo. */
  above: z.string().default('Deployment/web'),
  node: z
    .object({
      arch: z.string().default('amd64'),
      providerID: z.string().default(''),
      labels: z.record(z.string(), z.string()).default({}),
      runtime: z.string().default('containerd://2.1.4'),
    })
    .prefault({}),
  events: z.array(event).default([]),
})
type WrittenPod = z.infer<typeof pod>

/** Pull secrets: what `auths` holds, by registry (`user:password`), or a Secret's own type and data. */
const secret = z.union([
  z.record(z.string(), z.string()),
  z.object({ type: z.string(), data: z.record(z.string(), z.string()) }),
])

/** A registry in this cluster, as Service, endpoint and pod. Its address is the image's host. */
const service = z.object({ address: z.string(), ready: z.boolean().default(true) }).optional()

export const written = { objects, pod, secrets: z.record(z.string(), secret).default({}), service }

const uid = 'uid-of-the-pod'
const namespace = 'shop'
const time = '2026-11-24T03:00:00Z'

/** The objects that an API server would have of what was written so. */
export function objectsOf(
  of: WrittenPod | undefined,
  secrets: z.infer<typeof written.secrets>,
  registry: z.infer<typeof service>,
): readonly object[] {
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    ...(of ? [podObject(of), ...nodeOf(of), ...ownersOf(of), ...of.events.map((it, at) => eventOf(it, of, at))] : []),
    ...Object.entries(secrets).map(([name, it]) => secretObject(name, it)),
    ...(registry ? serviceObjects(registry) : []),
  ]
}

function podObject(of: WrittenPod): object {
  const [kind = '', name = ''] = of.owner.split('/')
  const controller = { apiVersion: 'v1', kind, name, uid: `uid-${name}`, controller: true }
  return {
    ...{ apiVersion: 'v1', kind: 'Pod' },
    metadata: {
      ...{ name: of.pod, namespace, uid, labels: { app: 'web', ...of.labels }, annotations: of.annotations },
      creationTimestamp: time,
      ...(kind && { ownerReferences: [controller] }),
    },
    spec: {
      nodeName: 'node-1',
      imagePullSecrets: of.secrets.map((it) => ({ name: it })),
      volumes: of.volumes,
      initContainers: of.init.map(specOf),
      containers: [of, ...of.beside].map(specOf),
    },
    status: {
      phase: 'Pending',
      initContainerStatuses: of.init.map(statusOf),
      containerStatuses: [of, ...of.beside].map(statusOf),
    },
  }
}

type WrittenContainer = z.infer<typeof container>

function specOf({ name, image, says: _says, reason: _reason, state: _state, ...more }: WrittenContainer): object {
  const { command, args, env } = more
  return { name, image, ...(command ? { command } : {}), ...(args ? { args } : {}), ...(env ? { env } : {}) }
}

function statusOf({ name, image, says, reason, state }: WrittenContainer): object {
  const waiting = { waiting: { reason: says ? reason : 'PodInitializing', ...(says && { message: says }) } }
  return { name, image, imageID: '', ready: state?.running !== undefined, state: state ?? waiting }
}

function nodeOf({ node: { arch, providerID, labels, runtime } }: WrittenPod): readonly object[] {
  const nodeInfo = { architecture: arch, operatingSystem: 'linux', containerRuntimeVersion: runtime }
  return [
    {
      ...{ apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1', labels } },
      ...{ spec: { providerID }, status: { nodeInfo } },
    },
  ]
}

function ownersOf(of: WrittenPod): readonly object[] {
  const [kind = '', name = ''] = of.owner.split('/')
  if (kind !== 'ReplicaSet') return []
  const [aboveKind = '', aboveName = ''] = of.above.split('/')
  const template = { metadata: {}, spec: { containers: [{ name: of.name, image: of.image }] } }
  const above = { apiVersion: 'apps/v1', kind: aboveKind, name: aboveName, uid: `uid-${aboveName}`, controller: true }
  const set = {
    ...{ apiVersion: 'apps/v1', kind: 'ReplicaSet', spec: { replicas: 1, template } },
    metadata: { name, namespace, uid: `uid-${name}`, creationTimestamp: time, ownerReferences: [above] },
  }
  const deployment = {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: aboveName, namespace, uid: `uid-${aboveName}` } },
    spec: { replicas: 1, selector: { matchLabels: { app: 'web' } }, template },
  }
  return aboveKind === 'Deployment' ? [set, deployment] : [set]
}

function eventOf({ container, ...said }: z.infer<typeof event>, of: WrittenPod, at: number): object {
  const fieldPath = container === '' ? undefined : `spec.containers{${container ?? of.name}}`
  return {
    ...{ apiVersion: 'v1', kind: 'Event', metadata: { name: `event-${at}`, namespace }, ...said },
    ...{ count: 6, firstTimestamp: time, lastTimestamp: time, source: { host: 'node-1' } },
    involvedObject: { kind: 'Pod', namespace, name: of.pod, uid, ...(fieldPath && { fieldPath }) },
  }
}

function secretObject(name: string, of: z.infer<typeof secret>): object {
  const written = { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace } }
  if ('type' in of && typeof of.data === 'object') {
    const data = Object.entries(of.data).map(([key, value]) => [key, base64(value)])
    return { ...written, type: of.type, data: Object.fromEntries(data) }
  }
  const auths = Object.entries(of as Readonly<Record<string, string>>).map(([host, login]) => [
    host,
    { auth: base64(login) },
  ]) // the other form of the union
  const json = JSON.stringify({ auths: Object.fromEntries(auths) })
  return { ...written, type: 'kubernetes.io/dockerconfigjson', data: { '.dockerconfigjson': base64(json) } }
}

function base64(plain: string): string {
  return Buffer.from(plain).toString('base64')
}

function serviceObjects({ address, ready }: NonNullable<z.infer<typeof service>>): readonly object[] {
  const [clusterIP, port = '5000'] = address.split(':')
  const labels = { app: 'registry' }
  const metadata = { name: 'registry', namespace: 'infra' }
  const condition = { type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: '2026-11-01T00:00:00Z' }
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'infra' } },
    {
      ...{ apiVersion: 'v1', kind: 'Service', metadata },
      spec: { clusterIP, selector: labels, ports: [{ port: Number(port) }] },
    },
    {
      ...{ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', addressType: 'IPv4' },
      metadata: { name: 'registry-1', namespace: 'infra', labels: { 'kubernetes.io/service-name': 'registry' } },
      endpoints: [{ addresses: ['10.42.0.9'], conditions: { ready } }],
    },
    {
      ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'registry-0', namespace: 'infra', labels } },
      spec: { containers: [{ name: 'registry', image: 'registry:2' }] },
      status: { phase: 'Running', conditions: [condition], containerStatuses: [] },
    },
  ]
}
