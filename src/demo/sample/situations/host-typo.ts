import { addImage } from '../../../simulator/registry/storage.ts'
import { deployment, newImage } from '../manifests.ts'
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
