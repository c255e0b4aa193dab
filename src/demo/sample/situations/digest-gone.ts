import { addImage, registryStorage } from '../../../simulator/registry/storage.ts'
import { deployment, replicas } from '../manifests.ts'
import { ago, type Situation } from '../situation.ts'

const pinned = { repository: 'report-builder', tags: ['2024-12-01'] }
const digest = addImage(registryStorage(), pinned)
const image = `10.43.170.72:5000/report-builder@${digest}`
const claim = 'cortex-chat/docker-registry'

/** A clean-up removed what a tag no longer names; the one pod that has it still runs. */
export const digestGone: Situation = {
  name: 'digest-gone',
  target: 'data/report-builder',
  shows: 'A pinned digest that was cleaned up',
  repair: 'The image is pushed again',
  chapters: [
    {
      ago: ago.days(6),
      async happen({ cluster: { volumes }, apply }) {
        addImage(volumes.of(claim), pinned)
        addImage(volumes.of(claim), { repository: 'report-builder', tags: ['2025-01-01', 'latest'] })
        await apply(deployment({ namespace: 'data', name: 'report-builder', image }))
      },
    },
    {
      ago: ago.minutes(29),
      async happen({ cluster: { volumes }, apply }) {
        const repository = volumes.of(claim).repositories.get('report-builder')
        repository?.manifests.delete(digest)
        repository?.tags.delete('2024-12-01')
        await apply(replicas('data', 'report-builder', 2), 'kubectl-scale')
      },
    },
  ],
  /** Pushed again, it is the same. */
  async mend({ cluster: { volumes } }) {
    addImage(volumes.of(claim), pinned)
  },
}
