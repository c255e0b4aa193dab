import { text } from '../../../../text.ts'
import { watchPod } from '../../advice/remedies.ts'
import { message, names } from '../../checks/pod.ts'
import { anonymousManifest, manifest } from '../../checks/registry.ts'
import { answerEvidence, kubeletSays } from '../../evidence/answers.ts'
import { pullCause } from '../../model.ts'
import { accessForbidden } from './access-forbidden.ts'
import { credentialsRejected } from './credentials-rejected.ts'

/** The image is public, but the registry rejects the pod's login. */
export const badCredentialsOnPublicImage = pullCause({
  id: 'bad-credentials-on-public-image',
  explains: [credentialsRejected, accessForbidden],
  needs: { manifest, anonymousManifest, message, names },
  explain({ manifest, anonymousManifest, message, names }) {
    const refused = manifest.answer.status === 'unauthorized' || manifest.answer.status === 'denied'
    if (!refused || manifest.tried.length === 0 || anonymousManifest.status !== 'found') return undefined
    return {
      title: 'Bad login on a public image',
      summary: text`${names.image} needs no login, and the pod's login from ${manifest.tried.join(', ')} is rejected.`,
      confidence: 'proven',
      because: [answerEvidence(manifest.answer), answerEvidence(anonymousManifest), ...kubeletSays(message)],
      remedies: [
        {
          kind: 'action',
          title: text`In Git, remove the pull secret from ${names.owner}, or put a valid login into it`,
        },
      ],
      verify: [watchPod(names)],
      prevent: [],
    }
  },
})
