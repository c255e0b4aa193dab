import { maybe } from '../../../../diagnosis/check.ts'
import { text } from '../../../../text.ts'
import { deletePod, watchPod } from '../../advice/remedies.ts'
import { message, names } from '../../checks/pod.ts'
import { accountLogins, pullSecrets, serviceAccountSecrets } from '../../checks/pull-secrets.ts'
import { kubeletSays } from '../../evidence/answers.ts'
import { pullCause } from '../../model.ts'
import { credentialsMissing } from './credentials-missing.ts'
import { repositoryMissingOrPrivate } from './repository-missing-or-private.ts'

/** The ServiceAccount has pull secrets now, but this pod was created before and has none. */
export const pullSecretNotAttached = pullCause({
  id: 'pull-secret-not-attached',
  explains: [credentialsMissing, repositoryMissingOrPrivate],
  needs: { pullSecrets, account: serviceAccountSecrets, logins: maybe(accountLogins), message, names },
  explain({ pullSecrets, account, logins, message, names }) {
    if (pullSecrets.length > 0 || account.secrets.length === 0) return undefined
    if (logins.known && logins.value.length === 0) return undefined // a new pod would get no login for this registry either
    return {
      title: 'Pull secret not attached to this pod',
      summary: text`ServiceAccount ${account.name} has the pull secret ${account.secrets.join(', ')} now, but this pod was created before. A pod gets pull secrets only when it is created.`,
      confidence: logins.known ? 'proven' : 'likely',
      because: [
        { says: text`the pod has no imagePullSecrets`, source: 'API server: the pod', confidence: 'proven' },
        {
          says: text`ServiceAccount ${account.name} has ${account.secrets.join(', ')}`,
          source: 'API server: the ServiceAccount',
          confidence: 'proven',
        },
        ...(logins.known
          ? [
              {
                says: text`${logins.value.join(', ')} has a login for this registry`,
                source: "API server: the ServiceAccount's secrets",
                confidence: 'proven',
              } as const,
            ]
          : []),
        ...kubeletSays(message),
      ],
      remedies: [deletePod(names)],
      verify: [watchPod(names)],
      prevent: [],
    }
  },
})
