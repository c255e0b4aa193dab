import { addImage } from '../../../simulator/registry/storage.ts'
import { deployment, newImage } from '../manifests.ts'
import { ago, type Situation } from '../situation.ts'

/** A pipeline that did not fill in its template. */
export const invalidName: Situation = {
  name: 'invalid-name',
  target: 'shop/banner',
  shows: 'An image name with `$TAG` in it',
  repair: 'The tag is filled in',
  chapters: [
    {
      ago: ago.minutes(12),
      async happen({ servers, apply }) {
        addImage(servers.ghcr.storage, { repository: 'acme/banner', tags: ['7'] })
        await apply(deployment({ namespace: 'shop', name: 'banner', image: 'ghcr.io/acme/banner:$TAG' }))
      },
    },
  ],
  mend: ({ apply }) => apply(newImage('shop', 'banner', 'ghcr.io/acme/banner:7')),
}
