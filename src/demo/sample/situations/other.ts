import { addImage } from '../../../simulator/registry/storage.ts'
import { deployment, newImage } from '../manifests.ts'
import { ago, type Situation } from '../situation.ts'

export const healthy: Situation = {
  name: 'healthy',
  target: 'shop/storefront',
  shows: 'Nothing is wrong',
  chapters: [
    {
      ago: ago.minutes(45),
      happen: ({ apply }) =>
        apply(
          deployment({
            namespace: 'shop',
            name: 'storefront',
            image: 'nginx:1.25-alpine',
            replicas: 3,
            pod: { tolerations: [{ key: 'pool', value: 'edge' }] },
          }),
        ),
    },
  ],
}

const crashing = {
  'imagepull.dev/program': 'crash',
  'imagepull.dev/exit-code': '3',
  'imagepull.dev/log': 'Error: SMTP_HOST is not set\n    at start (/app/mailer.js:12:11)',
}

/** A container that crashes: not a pull problem. */
export const crashLoop: Situation = {
  name: 'crash-loop',
  target: 'shop/mailer',
  shows: 'A container that ends again and again: not a pull problem',
  repair: 'A version that does not crash is deployed',
  chapters: [
    {
      ago: ago.minutes(18),
      async happen({ servers, apply }) {
        addImage(servers.ghcr.storage, { repository: 'acme/mailer', tags: ['0.9'], labels: crashing })
        addImage(servers.ghcr.storage, { repository: 'acme/mailer', tags: ['0.9.1'] })
        await apply(deployment({ namespace: 'shop', name: 'mailer', image: 'ghcr.io/acme/mailer:0.9' }))
      },
    },
  ],
  mend: ({ apply }) => apply(newImage('shop', 'mailer', 'ghcr.io/acme/mailer:0.9.1')),
}
