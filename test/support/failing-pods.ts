/** A Deployment of which no pod can pull its image, as the API server would show it. */
export interface FailingWorkload {
  readonly name: string
  readonly namespace?: string
  readonly image: string
  readonly pods: number
  /** Of the kubelet. Default: the tag is not found. */
  readonly message?: string
  readonly labels?: Readonly<Record<string, string>>
  /** Pods that serve. Default: none. */
  readonly ready?: number
}

const nodes = 20
const at = '2026-11-24T02:58:00Z'

export function notFound(image: string): string {
  return `failed to pull and unpack image "${image}": failed to resolve image: ${image}: not found`
}

export function timedOut(image: string): string {
  const [host] = image.split('/')
  const head = `Head "https://${host}/v2/web/manifests/1": dial tcp 10.0.0.9:5000: i/o timeout`
  return `failed to pull and unpack image "${image}": failed to resolve reference "${image}": failed to do request: ${head}`
}

/** Manifests: Namespaces, nodes, and for each workload a Deployment, its ReplicaSet and its pods. */
export function failingPods(workloads: readonly FailingWorkload[]): readonly unknown[] {
  const namespaces = new Set(workloads.map(({ namespace = 'shop' }) => namespace))
  return [
    ...Array.from({ length: nodes }, (_, index) => ({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: `node-${index}` },
    })),
    ...[...namespaces].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
    ...workloads.flatMap(objectsOf),
  ]
}

/** The name of the pod of that number. */
export function podName(workload: string, number: number): string {
  return `${workload}-5d9cf86b95-${number.toString(36).padStart(5, '0')}`
}

function objectsOf(of: FailingWorkload): readonly unknown[] {
  const { name, namespace = 'shop', image, pods, ready = 0 } = of
  const replicas = pods + ready
  const matchLabels = { app: name }
  const template = { metadata: { labels: matchLabels }, spec: { containers: [{ name: 'app', image }] } }
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace },
      spec: { replicas, selector: { matchLabels }, template },
      status: { replicas, readyReplicas: ready },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: `${name}-5d9cf86b95`,
        namespace,
        labels: { ...matchLabels, 'pod-template-hash': '5d9cf86b95' },
        annotations: { 'deployment.kubernetes.io/revision': '1' },
        ownerReferences: [{ kind: 'Deployment', name }],
      },
      spec: { replicas, selector: { matchLabels } },
    },
    ...Array.from({ length: pods }, (_, index) => podOf(of, index)),
  ]
}

function podOf({ name, namespace = 'shop', image, message = notFound(image), labels }: FailingWorkload, index: number) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: podName(name, index),
      namespace,
      creationTimestamp: at,
      labels: { app: name, 'pod-template-hash': '5d9cf86b95', ...labels },
      ownerReferences: [{ kind: 'ReplicaSet', name: `${name}-5d9cf86b95` }],
    },
    spec: { nodeName: `node-${index % nodes}`, containers: [{ name: 'app', image }] },
    status: {
      phase: 'Pending',
      conditions: [{ type: 'Ready', status: 'False' }],
      containerStatuses: [
        {
          name: 'app',
          image,
          state: {
            waiting: {
              reason: 'ImagePullBackOff',
              message: `Back-off pulling image "${image}": ErrImagePull: ${message}`,
            },
          },
        },
      ],
    },
  }
}
