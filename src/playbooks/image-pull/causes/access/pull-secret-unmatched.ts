import { joinTexts, text } from '../../../../text.ts'
import { createPullSecret, watchPod } from '../../advice/remedies.ts'
import { message, names, reference } from '../../checks/pod.ts'
import { credentials, pullSecrets } from '../../checks/pull-secrets.ts'
import { kubeletSays } from '../../evidence/answers.ts'
import { pullCause } from '../../model.ts'
import { credentialsMissing } from './credentials-missing.ts'

/** The pod's secrets hold logins, and none is for this image's registry by the kubelet's rules. */
export const pullSecretUnmatched = pullCause({
  id: 'pull-secret-unmatched',
  explains: [credentialsMissing],
  needs: { reference, credentials, pullSecrets, message, names },
  explain({ reference, credentials, pullSecrets, message, names }) {
    if (!reference.valid || credentials.matching.length > 0) return undefined
    const holding = pullSecrets.flatMap(
      ({ name, secret, manager }) => secret?.entries.map(({ key }) => ({ name, key, manager })) ?? [],
    )
    const [first] = holding
    if (!first) return undefined
    const { host, repository } = reference.reference
    const sameHost = holding.some(({ key }) => key === host || key.startsWith(`${host}/`))
    const hosts = joinTexts(
      [...new Set(holding.map(({ key }) => key))].slice(0, 5).map((key) => text`${key}`),
      ', ',
    )
    return {
      title: 'Pull secret is for another registry',
      summary: text`The pull secret ${first.name} has a login for ${hosts}, and the image needs ${sameHost ? text`${host}/${repository}: the path in the secret does not cover it` : text`${host}: as host and port they must be the same`}.`,
      confidence: 'proven',
      because: [
        {
          says: text`it holds a login for ${hosts}`,
          source: `API server: secret ${names.namespace}/${first.name}`,
          confidence: 'proven',
        },
        {
          says: text`so the kubelet sends no login to ${host}; whether that login is right is unknown`,
          source: "the kubelet's matching rules",
          confidence: 'proven',
        },
        ...kubeletSays(message),
      ],
      remedies: createPullSecret(names, host, { name: first.name, manager: first.manager }),
      verify: [watchPod(names)],
      prevent: [],
    }
  },
})
