import { addImage, type SampleImage } from '../../simulator/registry/storage.ts'
import { deployment } from './manifests.ts'
import { ago, type Chapter } from './situation.ts'

const registry = (namespace: string, name: string, address: string): string => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${namespace}, labels: { app: ${name} } }
spec:
  replicas: 1
  strategy: { type: Recreate }
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      containers:
        - name: registry
          image: registry:2.8
          ports: [{ containerPort: 5000 }]
          readinessProbe: { httpGet: { path: /v2/, port: 5000 } }
      volumes:
        - { name: storage, persistentVolumeClaim: { claimName: ${name} } }
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ${namespace}, labels: { app: ${name} } }
spec:
  clusterIP: ${address}
  selector: { app: ${name} }
  ports: [{ name: registry, port: 5000, targetPort: 5000 }]
`

const cluster = `
${['default', 'cortex-chat', 'payments', 'shop', 'data']
  .map((name) => `{ apiVersion: v1, kind: Namespace, metadata: { name: ${name} } }`)
  .join('\n---\n')}
---
apiVersion: networking.k8s.io/v1
kind: ServiceCIDR
metadata: { name: kubernetes }
spec: { cidrs: [10.43.0.0/16] }
---
apiVersion: v1
kind: Service
metadata: { name: kubernetes, namespace: default }
spec: { clusterIP: 10.43.0.1, ports: [{ name: https, port: 443 }] }
---
apiVersion: v1
kind: Node
metadata: { name: node-1, labels: { kubernetes.io/arch: amd64, kubernetes.io/hostname: node-1 } }
---
apiVersion: v1
kind: Node
metadata: { name: node-2, labels: { kubernetes.io/arch: amd64, kubernetes.io/hostname: node-2, pool: edge } }
spec: { taints: [{ key: pool, value: edge, effect: NoSchedule }] }
---
apiVersion: v1
kind: Node
metadata: { name: node-3, labels: { kubernetes.io/arch: amd64, kubernetes.io/hostname: node-3 } }
---
apiVersion: v1
kind: Node
metadata: { name: node-5, labels: { kubernetes.io/arch: amd64, kubernetes.io/hostname: node-5, pool: gpu } }
spec: { taints: [{ key: pool, value: gpu, effect: NoSchedule }] }
---
apiVersion: v1
kind: Node
metadata: { name: node-6, labels: { kubernetes.io/arch: amd64, kubernetes.io/hostname: node-6, pool: data } }
spec: { taints: [{ key: pool, value: data, effect: NoSchedule }] }
`

const inHub: readonly SampleImage[] = [
  {
    repository: 'library/registry',
    tags: ['2', '2.8', '2.8.3', 'latest'],
    labels: { 'imagepull.dev/program': 'registry' },
  },
  { repository: 'library/nginx', tags: ['1.24-alpine', '1.25-alpine', '1.27-alpine', 'latest'] },
  { repository: 'library/redis', tags: ['7.2-alpine', '7.4-alpine', '8.0-alpine', 'latest'], index: true },
  { repository: 'library/node', tags: ['22-alpine', '24-alpine'] },
]

const inGhcr: readonly SampleImage[] = [
  { repository: 'acme/python-base', tags: ['3.13'] },
  { repository: 'acme/gateway', tags: ['3.9.0', '3.9.1'] },
]

/** The images of the team's registry in the cluster, to which builds push. */
const inChat: readonly SampleImage[] = [
  { repository: 'cortex-chat-backend', tags: ['1.4', 'latest'] },
  { repository: 'cortex-chat-gateway', tags: ['0.8', 'latest'] },
  { repository: 'loyalty', tags: ['2024.11', 'latest'] },
  { repository: 'report-renderer', tags: ['5', 'latest'] },
]

/** Returns the pod fields for a node pool whose nodes are tainted. */
export function onPool(pool: 'edge' | 'gpu' | 'data'): object {
  return { nodeSelector: { pool }, tolerations: [{ key: 'pool', value: pool }] }
}

/** The cluster before any failure: nodes, registries, and healthy workloads. */
export const foundation: readonly Chapter[] = [
  {
    ago: ago.days(12),
    async happen({ servers, cluster: { volumes }, apply }) {
      for (const image of inHub) addImage(servers.hub.storage, image)
      for (const image of inGhcr) addImage(servers.ghcr.storage, image)
      addImage(servers.gcr.storage, { repository: 'kaniko-project/executor', tags: ['v1.24.0', 'latest'] })
      for (const image of inChat) addImage(volumes.of('cortex-chat/docker-registry'), image)
      await apply(cluster)
      await apply(registry('cortex-chat', 'docker-registry', '10.43.170.72'))
      await apply(registry('data', 'registry', '10.43.201.9'))
    },
  },
  {
    ago: ago.days(11),
    async happen({ apply }) {
      const chat = '10.43.170.72:5000'
      await apply(
        deployment({ namespace: 'cortex-chat', name: 'cortex-chat-backend', image: `${chat}/cortex-chat-backend:1.4` }),
      )
      await apply(
        deployment({
          namespace: 'cortex-chat',
          name: 'cortex-chat-gateway',
          image: `${chat}/cortex-chat-gateway:0.8`,
          replicas: 2,
        }),
      )
      await apply(deployment({ namespace: 'shop', name: 'loyalty', image: `${chat}/loyalty:2024.11` }))
    },
  },
]
