import { maybe } from '../../../../diagnosis/check.ts'
import { text } from '../../../../text.ts'
import { createPullSecret, watchPod } from '../../advice/remedies.ts'
import { message, names, reference } from '../../checks/pod.ts'
import { pullSecrets } from '../../checks/pull-secrets.ts'
import { kubeletSays } from '../../evidence/answers.ts'
import { pullCause } from '../../model.ts'
import { credentialsMissing } from './credentials-missing.ts'
import { repositoryMissingOrPrivate } from './repository-missing-or-private.ts'

/** The pod names a pull secret that does not exist in its namespace. The kubelet's event also says so; that needs no permission to read secrets. */
export const pullSecretMissing = pullCause({
  id: 'pull-secret-missing',
  explains: [credentialsMissing, repositoryMissingOrPrivate],
  needs: { reference, secrets: maybe(pullSecrets), message, names },
  explain({ reference, secrets, message, names }) {
    const absent = secrets.known
      ? secrets.value.filter(({ secret }) => !secret).map(({ name }) => name)
      : message.secretsNotFound
    const [first] = absent
    if (!first || !reference.valid) return undefined
    const { host } = reference.reference
    return {
      title: 'Pull secret missing',
      summary: text`The pod's pull secret ${absent.join(', ')} does not exist in namespace ${names.namespace}.`,
      // The event is of an earlier try, and the kubelet says the same where it could not read the secret at all.
      confidence: secrets.known ? 'proven' : 'likely',
      because: [
        secrets.known
          ? {
              says: text`there is no secret ${absent.join(', ')} in ${names.namespace}`,
              source: 'API server: get secrets',
              confidence: 'proven',
            }
          : {
              says: text`the kubelet did not find ${absent.join(', ')}`,
              source: 'event FailedToRetrieveImagePullSecret',
              confidence: 'proven',
            },
        ...kubeletSays(message),
      ],
      remedies: createPullSecret(names, host, { name: first }),
      verify: [{ argv: ['kubectl', '-n', names.namespace, 'get', 'secret', first] }, watchPod(names)],
      prevent: [],
    }
  },
})
