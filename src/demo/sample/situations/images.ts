import { addImage, registryStorage } from '../../../simulator/registry/storage.ts'
import { deployment, newImage, replicas } from '../manifests.ts'
import { ago, type Situation } from '../situation.ts'

const checkoutImage = 'ghcr.io/acme/checkout'

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
        await apply(deployment({ namespace: 'shop', name: 'checkout', image: `${checkoutImage}:2.4.0`, replicas: 2 }))
      },
    },
    {
      ago: ago.minutes(35),
      happen: ({ apply }) => apply(newImage('shop', 'checkout', `${checkoutImage}:v2.4.1`)),
    },
  ],
  mend: ({ apply }) => apply(newImage('shop', 'checkout', `${checkoutImage}:2.4.1`)),
}

const catalogImage = 'ghcr.io/acme/catalog'

/** The release was never pushed. The old pods still serve. */
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
        await apply(deployment({ namespace: 'shop', name: 'catalog', image: `${catalogImage}:3.12`, replicas: 3 }))
      },
    },
    {
      ago: ago.minutes(50),
      happen: ({ apply }) => apply(newImage('shop', 'catalog', `${catalogImage}:4.0`)),
    },
  ],
  async mend({ servers }) {
    addImage(servers.ghcr.storage, { repository: 'acme/catalog', tags: ['4.0'] })
  },
}

/** A pipeline did not fill in its template. */
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

const geoIndex = { repository: 'acme/geo-index', tags: ['1.2'], index: true }

/** The image was built on a laptop with another processor. */
export const platformMismatch: Situation = {
  name: 'platform-mismatch',
  target: 'shop/geo-index',
  shows: 'The image is for another processor',
  repair: 'The image is built for amd64, too',
  chapters: [
    {
      ago: ago.minutes(24),
      async happen({ servers, apply }) {
        addImage(servers.ghcr.storage, { ...geoIndex, platforms: ['linux/arm64/v8'] })
        await apply(deployment({ namespace: 'shop', name: 'geo-index', image: 'ghcr.io/acme/geo-index:1.2' }))
      },
    },
  ],
  async mend({ servers }) {
    addImage(servers.ghcr.storage, { ...geoIndex, platforms: ['linux/arm64/v8', 'linux/amd64'] })
  },
}

const pinned = { repository: 'report-builder', tags: ['2024-12-01'] }
const pinnedDigest = addImage(registryStorage(), pinned)
const reportBuilderImage = `10.43.170.72:5000/report-builder@${pinnedDigest}`
const claim = 'cortex-chat/docker-registry'

/** A clean-up removed the untagged manifest. A pod that already has the image still runs. */
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
        await apply(deployment({ namespace: 'data', name: 'report-builder', image: reportBuilderImage }))
      },
    },
    {
      ago: ago.minutes(29),
      async happen({ cluster: { volumes }, apply }) {
        const repository = volumes.of(claim).repositories.get('report-builder')
        repository?.manifests.delete(pinnedDigest)
        repository?.tags.delete('2024-12-01')
        await apply(replicas('data', 'report-builder', 2), 'kubectl-scale')
      },
    },
  ],
  /** The same content has the same digest. */
  async mend({ cluster: { volumes } }) {
    addImage(volumes.of(claim), pinned)
  },
}
