import { maybe } from '../../../../diagnosis/check.ts'
import { isDiscreet } from '../../../../registry/hosts.ts'
import { text } from '../../../../text.ts'
import { watchPod } from '../../advice/remedies.ts'
import { message, names, reference } from '../../checks/pod.ts'
import { loggedInWithoutRights, manifest, ownManifest, refusesLogin } from '../../checks/registry.ts'
import { answerEvidence, kubeletSays } from '../../evidence/answers.ts'
import { pullCause } from '../../model.ts'

/** The registry gives the same answer for a missing and a private repository. Only a login could tell them apart. */
export const repositoryMissingOrPrivate = pullCause({
  id: 'repository-missing-or-private',
  explains: ['auth-required', 'auth-denied'],
  needs: { reference, manifest, ownManifest: maybe(ownManifest), message, names },
  explain({ reference, manifest, ownManifest, message, names }) {
    const { answer, tried } = manifest
    if (!reference.valid || (answer.status !== 'unauthorized' && answer.status !== 'denied')) return undefined
    if (tried.length > 0 && !loggedInWithoutRights(manifest) && !refusesLogin(manifest)) return undefined
    // The registry blames the login, and not the repository.
    if (tried.length > 0 && /\b(?:scopes?|token)\b/i.test(answer.message ?? '')) return undefined
    const { host, repository } = reference.reference
    const isThere = ownManifest.known && ownManifest.value?.status === 'found'
    if (!isDiscreet(host) || isThere) return undefined
    const who = tried.length > 0 ? text`the login of ${tried.join(', ')}` : text`anybody without a login`
    const or =
      tried.length > 0 ? text`that login is invalid or may not pull it` : text`it is private and the pod has no login`
    return {
      title: 'Repository is missing or private',
      summary: text`${host} does not tell ${who} whether ${repository} exists: the name is wrong, or ${or}.`,
      confidence: 'proven',
      because: [answerEvidence(answer), ...kubeletSays(message)],
      remedies: [
        {
          kind: 'action',
          title: text`Log in to ${host} in a browser and look for ${repository}. If it does not exist, correct the image in Git`,
        },
        {
          kind: 'action',
          title:
            tried.length > 0
              ? text`If it exists, grant that login permission to pull it`
              : text`If it exists, give the pod a pull secret for ${host}`,
        },
      ],
      verify: [watchPod(names)],
      prevent: [],
    }
  },
})
