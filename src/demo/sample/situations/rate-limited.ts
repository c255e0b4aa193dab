import { addresses, sharedGateway } from '../addresses.ts'
import { onPool } from '../foundation.ts'
import { ago, type Situation } from '../situation.ts'

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

/** Behind its gateway the node shares an address with others, who have used up what Docker Hub gives to strangers. */
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
