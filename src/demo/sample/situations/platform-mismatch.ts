import { addImage } from '../../../simulator/registry/storage.ts'
import { deployment } from '../manifests.ts'
import { ago, type Situation } from '../situation.ts'

const image = { repository: 'acme/geo-index', tags: ['1.2'], index: true }

/** Built on somebody's laptop. */
export const platformMismatch: Situation = {
  name: 'platform-mismatch',
  target: 'shop/geo-index',
  shows: 'The image is for another processor',
  repair: 'The image is built for amd64, too',
  chapters: [
    {
      ago: ago.minutes(24),
      async happen({ servers, apply }) {
        addImage(servers.ghcr.storage, { ...image, platforms: ['linux/arm64/v8'] })
        await apply(deployment({ namespace: 'shop', name: 'geo-index', image: 'ghcr.io/acme/geo-index:1.2' }))
      },
    },
  ],
  async mend({ servers }) {
    addImage(servers.ghcr.storage, { ...image, platforms: ['linux/arm64/v8', 'linux/amd64'] })
  },
}
