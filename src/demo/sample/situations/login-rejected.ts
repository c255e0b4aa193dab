import { addImage } from '../../../simulator/registry/storage.ts'
import { deployment, newImage, pullSecret } from '../manifests.ts'
import { ago, type Situation } from '../situation.ts'

const image = 'harbor.acme.io/shop/recommender'
const robot = 'robot$shop'
const secret = (password: string): string => pullSecret('shop', 'harbor', 'harbor.acme.io', robot, password)

/** The robot's password was renewed in Harbor, and not in the cluster. */
export const loginRejected: Situation = {
  name: 'login-rejected',
  target: 'shop/recommender',
  shows: 'The registry does not take the login any more',
  repair: 'The new password is written into the pull secret',
  chapters: [
    {
      ago: ago.days(6),
      async happen({ servers, apply }) {
        servers.harbor.accounts.set(robot, 'summer')
        for (const tag of ['5.0', '5.1'])
          addImage(servers.harbor.storage, { repository: 'shop/recommender', tags: [tag] })
        await apply(secret('summer'))
        const pod = { imagePullSecrets: [{ name: 'harbor' }] }
        await apply(deployment({ namespace: 'shop', name: 'recommender', image: `${image}:5.0`, replicas: 2, pod }))
      },
    },
    {
      ago: ago.minutes(27),
      async happen({ servers, apply }) {
        servers.harbor.accounts.set(robot, 'autumn')
        await apply(newImage('shop', 'recommender', `${image}:5.1`))
      },
    },
  ],
  mend: ({ apply }) => apply(secret('autumn')),
}
