import { addImage } from '../../../simulator/registry/storage.ts'
import { deployment, newImage } from '../manifests.ts'
import { ago, type Situation } from '../situation.ts'

const image = 'ghcr.io/acme/catalog'

/** The release that was announced was never pushed; nobody outside has noticed. */
export const stillServing: Situation = {
  name: 'still-serving',
  target: 'shop/catalog',
  shows: 'A rollout is stuck; 3 old pods still serve',
  repair: 'The missing tag is pushed',
  chapters: [
    {
      ago: ago.days(6),
      async happen({ servers, apply }) {
        for (const tag of ['3.11', '3.12']) addImage(servers.ghcr.storage, { repository: 'acme/catalog', tags: [tag] })
        await apply(deployment({ namespace: 'shop', name: 'catalog', image: `${image}:3.12`, replicas: 3 }))
      },
    },
    {
      ago: ago.minutes(50),
      happen: ({ apply }) => apply(newImage('shop', 'catalog', `${image}:4.0`)),
    },
  ],
  async mend({ servers }) {
    addImage(servers.ghcr.storage, { repository: 'acme/catalog', tags: ['4.0'] })
  },
}
