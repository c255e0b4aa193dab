import { text } from '../../../../text.ts'
import { createPullSecret, watchPod } from '../../advice/remedies.ts'
import { message, names, reference } from '../../checks/pod.ts'
import { pullSecrets } from '../../checks/pull-secrets.ts'
import { kubeletSays } from '../../evidence/answers.ts'
import { pullCause } from '../../model.ts'
import { presumeRow } from '../../text-causes.ts'
import { credentialsMissing } from './credentials-missing.ts'

/** A pull secret is there, and the kubelet cannot use it. */
export const pullSecretMalformed = pullCause({
  id: 'pull-secret-malformed',
  explains: ['pull-secret-malformed', credentialsMissing],
  needs: { reference, pullSecrets, message, names },
  explain({ reference, pullSecrets, message, names }) {
    const broken = pullSecrets.find(({ secret }) => secret?.problem)
    const problem = broken?.secret?.problem
    if (!broken || !problem) return presumeRow('pull-secret-malformed').explain({ message, names })
    const spoils = problem.kind === 'broken' ? text` It spoils the pod's other pull secrets too.` : text``
    return {
      title: 'Pull secret malformed',
      summary: text`The kubelet cannot use the pull secret ${broken.name}: ${problem.says}.${spoils}`,
      confidence: 'proven',
      because: [
        {
          says: text`secret ${broken.name}: ${problem.says}`,
          source: `API server: get secrets in ${names.namespace}`,
          confidence: 'proven',
        },
        ...kubeletSays(message),
      ],
      remedies: createPullSecret(names, reference.valid ? reference.reference.host : names.host, {
        name: broken.name,
        manager: broken.manager,
        anew: problem.kind === 'wrong-type',
      }),
      verify: [watchPod(names)],
      prevent: [],
    }
  },
  presume: presumeRow('pull-secret-malformed'),
})
