import { addImage } from '../../../simulator/registry/storage.ts'
import { deployment, newImage } from '../manifests.ts'
import { ago, type Situation } from '../situation.ts'

const image = 'ghcr.io/acme/checkout'

export const tagTypo: Situation = {
  name: 'tag-typo',
  target: 'shop/checkout',
  shows: 'A tag that is not there, with others near it',
  repair: 'The tag is corrected in Git',
  chapters: [
    {
      ago: ago.days(6),
      async happen({ servers, apply }) {
        const tags = ['2.3.0', '2.3.1', '2.4.0', '2.4.1', '2.5.0-rc.1']
        for (const tag of tags) addImage(servers.ghcr.storage, { repository: 'acme/checkout', tags: [tag] })
        await apply(deployment({ namespace: 'shop', name: 'checkout', image: `${image}:2.4.0`, replicas: 2 }))
      },
    },
    {
      ago: ago.minutes(35),
      happen: ({ apply }) => apply(newImage('shop', 'checkout', `${image}:v2.4.1`)),
    },
  ],
  mend: ({ apply }) => apply(newImage('shop', 'checkout', `${image}:2.4.1`)),
}
