import { addImage } from '../../../simulator/registry/storage.ts'
import { deployment, pullSecret } from '../manifests.ts'
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
