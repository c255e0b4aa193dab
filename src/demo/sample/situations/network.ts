import { addImage } from '../../../simulator/registry/storage.ts'
import { addresses, sharedGateway } from '../addresses.ts'
import { onPool } from '../foundation.ts'
import { deployment, newImage, replicas } from '../manifests.ts'
import { ago, type Situation } from '../situation.ts'

export const hostTypo: Situation = {
  name: 'host-typo',
  target: 'shop/search',
  shows: 'A registry host that does not exist: ghrc.io',
  repair: 'The host is corrected in Git',
  chapters: [
    {
      ago: ago.minutes(21),
      async happen({ servers, apply }) {
        addImage(servers.ghcr.storage, { repository: 'acme/search', tags: ['1.0'] })
        await apply(deployment({ namespace: 'shop', name: 'search', image: 'ghrc.io/acme/search:1.0' }))
      },
    },
  ],
  mend: ({ apply }) => apply(newImage('shop', 'search', 'ghcr.io/acme/search:1.0')),
}

/** Somebody scaled the second registry to 0. Nobody noticed until a pod needed an image. */
export const registryDown: Situation = {
  name: 'registry-down',
  target: 'data/etl-worker',
  shows: 'The registry in the cluster is scaled to 0',
  repair: 'The registry is scaled up again',
  chapters: [
    {
      ago: ago.days(11),
      async happen({ cluster: { volumes } }) {
        addImage(volumes.of('data/registry'), { repository: 'etl-worker', tags: ['3.1', '3.2'] })
      },
    },
    { ago: ago.minutes(55), happen: ({ apply }) => apply(replicas('data', 'registry', 0), 'kubectl-scale') },
    {
      ago: ago.minutes(14),
      happen: ({ apply }) =>
        apply(deployment({ namespace: 'data', name: 'etl-worker', image: '10.43.201.9:5000/etl-worker:3.2' })),
    },
  ],
  mend: ({ apply }) => apply(replicas('data', 'registry', 1), 'kubectl-scale'),
}

const brokenNode = `
apiVersion: v1
kind: Node
metadata: { name: node-4, labels: { kubernetes.io/arch: amd64, kubernetes.io/hostname: node-4, pool: edge } }
spec: { taints: [{ key: pool, value: edge, effect: NoSchedule }] }
`
const frontend = { namespace: 'cortex-chat', name: 'cortex-chat-frontend' }
const hub = addresses['registry-1.docker.io']

/** The playbook's example 2: a node that joined today, behind a gateway that breaks TLS. */
export const tlsOnOneNode: Situation = {
  name: 'tls-on-one-node',
  target: 'cortex-chat/cortex-chat-frontend',
  shows: 'One node has no TLS to Docker Hub; the others pull',
  repair: "The node's proxy lets TLS through again",
  chapters: [
    {
      ago: ago.days(6),
      happen: ({ apply }) =>
        apply(deployment({ ...frontend, image: 'nginx:1.24-alpine', replicas: 2, pod: onPool('edge') })),
    },
    {
      ago: ago.minutes(42),
      async happen({ apply, cluster: { network }, servers }) {
        network.divert('node-4', hub, 443, servers.ports.brokenTls)
        await apply(brokenNode)
      },
    },
    {
      ago: ago.minutes(19),
      happen: ({ apply }) => apply(newImage(frontend.namespace, frontend.name, 'nginx:1.25-alpine')),
    },
  ],
  async mend({ cluster: { network } }) {
    network.restore('node-4', hub, 443)
  },
}

const redis = `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: redis-cache, namespace: data, labels: { app: redis-cache } }
spec:
  serviceName: redis-cache
  replicas: 1
  selector: { matchLabels: { app: redis-cache } }
  template:
    metadata: { labels: { app: redis-cache } }
    spec: ${JSON.stringify({
      ...onPool('data'),
      containers: [{ name: 'main', image: 'redis:7.4-alpine', ports: [{ containerPort: 6379 }] }],
    })}
`

/** The node shares its outgoing address with others, who have used up the anonymous quota of Docker Hub. */
export const rateLimited: Situation = {
  name: 'rate-limited',
  target: 'data/redis-cache',
  shows: "Docker Hub's pull limit is used up",
  repair: 'The pull limit of Docker Hub is over',
  chapters: [
    {
      ago: ago.minutes(25),
      async happen({ servers: { hub }, cluster: { network }, apply }) {
        network.divert('node-6', addresses['registry-1.docker.io'], 443, hub.gatewayPort)
        hub.quota.used.set(sharedGateway, hub.quota.limit)
        await apply(redis)
      },
    },
  ],
  async mend({ servers: { hub } }) {
    hub.quota.used.delete(sharedGateway)
  },
}
