import { deployment } from '../manifests.ts'
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
