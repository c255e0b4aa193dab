import { addImage } from '../../../simulator/registry/storage.ts'
import { deployment, newImage, pullSecret } from '../manifests.ts'
import { ago, type Situation } from '../situation.ts'

export const secretMissing: Situation = {
  name: 'secret-missing',
  target: 'payments/ledger',
  shows: 'Its pull secret does not exist',
  repair: 'The pull secret is created',
  chapters: [
    {
      ago: ago.minutes(22),
      async happen({ servers, apply }) {
        addImage(servers.acme.storage, { repository: 'ledger', tags: ['2.0.0'] })
        const image = 'registry.acme.io:5443/ledger:2.0.0'
        const pod = { imagePullSecrets: [{ name: 'acme-pull' }] }
        await apply(deployment({ namespace: 'payments', name: 'ledger', image, pod }))
      },
    },
  ],
  mend: ({ apply }) =>
    apply(pullSecret('payments', 'acme-pull', 'registry.acme.io:5443', 'deploy', 'acme-deploy-password')),
}

const login = ['deploy', 'acme-deploy-password'] as const
const regcred = (host: string): string => pullSecret('payments', 'regcred', host, ...login)
const paymentsApi = (image: string): string =>
  deployment({
    namespace: 'payments',
    name: 'payments-api',
    image,
    replicas: 3,
    pod: { imagePullSecrets: [{ name: 'regcred' }] },
  })

/** The registry moved to another port, and the pull secret did not. */
export const secretForOtherPort: Situation = {
  name: 'secret-for-other-port',
  target: 'payments/payments-api',
  shows: 'The pull secret is for another port of the registry',
  repair: 'The pull secret is made for the right port',
  chapters: [
    {
      ago: ago.days(6),
      async happen({ servers, apply }) {
        for (const tag of ['1.8.2', '1.8.3'])
          addImage(servers.acme.storage, { repository: 'payments-api', tags: [tag] })
        await apply(regcred('registry.acme.io'))
        await apply(paymentsApi('registry.acme.io/payments-api:1.8.2'))
      },
    },
    { ago: ago.minutes(34), happen: ({ apply }) => apply(paymentsApi('registry.acme.io:5443/payments-api:1.8.3')) },
  ],
  mend: ({ apply }) => apply(regcred('registry.acme.io:5443')),
}

const recommenderImage = 'harbor.acme.io/shop/recommender'
const robot = 'robot$shop'
const harborSecret = (password: string): string => pullSecret('shop', 'harbor', 'harbor.acme.io', robot, password)

/** The robot's password was changed in Harbor, but not in the cluster. */
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
        await apply(harborSecret('summer'))
        const pod = { imagePullSecrets: [{ name: 'harbor' }] }
        await apply(
          deployment({ namespace: 'shop', name: 'recommender', image: `${recommenderImage}:5.0`, replicas: 2, pod }),
        )
      },
    },
    {
      ago: ago.minutes(27),
      async happen({ servers, apply }) {
        servers.harbor.accounts.set(robot, 'autumn')
        await apply(newImage('shop', 'recommender', `${recommenderImage}:5.1`))
      },
    },
  ],
  mend: ({ apply }) => apply(harborSecret('autumn')),
}
