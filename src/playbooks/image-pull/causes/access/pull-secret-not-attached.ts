import { text } from '../../../../text.ts'
import { message } from '../../checks/message.ts'
import { names } from '../../checks/names.ts'
import { pullSecrets } from '../../checks/pull-secrets.ts'
import { serviceAccountSecrets } from '../../checks/service-account.ts'
import { kubeletSays } from '../../evidence.ts'
import { pullCause } from '../../pull-cause.ts'
import { deletePod, watchPod } from '../../remedies.ts'
import { credentialsMissing } from './credentials-missing.ts'

/** The ServiceAccount has pull secrets now; this pod was made before, and got none. */
export const pullSecretNotAttached = pullCause({
  id: 'pull-secret-not-attached',
  explains: [credentialsMissing],
  needs: { pullSecrets, account: serviceAccountSecrets, message, names },
  explain({ pullSecrets, account, message, names }) {
    if (pullSecrets.length > 0 || account.secrets.length === 0) return undefined
    return {
      title: 'Pull secret not attached to this pod',
      summary: text`ServiceAccount ${account.name} has the pull secret ${account.secrets.join(', ')} now, but this pod was made before it had: a pod gets them only when it is made.`,
      confidence: 'proven',
      because: [
        { says: text`the pod has no imagePullSecrets`, source: 'API server: the pod', confidence: 'proven' },
        {
          says: text`ServiceAccount ${account.name} has ${account.secrets.join(', ')}`,
          source: 'API server: the ServiceAccount',
          confidence: 'proven',
        },
        ...kubeletSays(message),
      ],
      remedies: [deletePod(names)],
      verify: [watchPod(names)],
      prevent: [],
    }
  },
})
