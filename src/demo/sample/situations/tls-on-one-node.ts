import { addresses } from '../addresses.ts'
import { onPool } from '../foundation.ts'
import { deployment, newImage } from '../manifests.ts'
import { ago, type Situation } from '../situation.ts'

const node = `
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
        await apply(node)
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
