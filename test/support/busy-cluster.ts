/** Deployments that cannot pull, each its own tag that the registry does not have: as many incidents. */
export function busyCluster(host: string, names: readonly string[]): readonly unknown[] {
  return [{ kind: 'Namespace', metadata: { name: 'shop' } }, ...names.flatMap((name) => deployment(host, name))]
}

function deployment(host: string, name: string): readonly unknown[] {
  const image = `${host}/${name}:9.9`
  const labels = { app: name, 'pod-template-hash': '5d9cf86b95' }
  const spec = { containers: [{ name: 'main', image }] }
  const selector = { matchLabels: { app: name } }
  return [
    {
      kind: 'Deployment',
      metadata: { name, namespace: 'shop' },
      spec: { replicas: 1, selector, template: { metadata: { labels: { app: name } }, spec } },
      status: { replicas: 1, readyReplicas: 0 },
    },
    {
      kind: 'ReplicaSet',
      metadata: {
        name: `${name}-5d9cf86b95`,
        namespace: 'shop',
        labels,
        annotations: { 'deployment.kubernetes.io/revision': '1' },
        ownerReferences: [{ kind: 'Deployment', name }],
      },
      spec: { replicas: 1, selector },
    },
    {
      kind: 'Pod',
      metadata: {
        name: `${name}-5d9cf86b95-26kvf`,
        namespace: 'shop',
        creationTimestamp: '2026-11-24T02:58:00Z',
        labels,
        ownerReferences: [{ kind: 'ReplicaSet', name: `${name}-5d9cf86b95` }],
      },
      spec: { nodeName: 'node-1', ...spec },
      status: {
        phase: 'Pending',
        conditions: [{ type: 'Ready', status: 'False' }],
        containerStatuses: [
          { name: 'main', image, state: { waiting: { reason: 'ImagePullBackOff', message: says(image) } } },
        ],
      },
    },
  ]
}

/** As containerd 2 and a kubelet of 1.33 say it. */
function says(image: string): string {
  return `Back-off pulling image "${image}": ErrImagePull: failed to pull and unpack image "${image}": failed to resolve image: ${image}: not found`
}
