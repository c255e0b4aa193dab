import { addImage } from '../../../simulator/registry/storage.ts'
import { deployment, replicas } from '../manifests.ts'
import { ago, type Situation } from '../situation.ts'

/** Somebody scaled the second registry to 0, and nobody missed it until a pod needed an image. */
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
