import { addImage } from '../../../simulator/registry/storage.ts'
import { deployment, pullSecret } from '../manifests.ts'
import { ago, type Situation } from '../situation.ts'

const login = ['deploy', 'acme-deploy-password'] as const
const secret = (host: string): string => pullSecret('payments', 'regcred', host, ...login)
const api = (image: string): string =>
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
        await apply(secret('registry.acme.io'))
        await apply(api('registry.acme.io/payments-api:1.8.2'))
      },
    },
    { ago: ago.minutes(34), happen: ({ apply }) => apply(api('registry.acme.io:5443/payments-api:1.8.3')) },
  ],
  mend: ({ apply }) => apply(secret('registry.acme.io:5443')),
}
