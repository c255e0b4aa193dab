import { maybe } from '../../../../diagnosis/check.ts'
import type { ManifestAnswer } from '../../../../registry/registry.ts'
import { text } from '../../../../text.ts'
import { watchPod } from '../../advice/remedies.ts'
import { message, names, reference } from '../../checks/pod.ts'
import { publicImage } from '../../checks/registry.ts'
import { spread } from '../../checks/spread.ts'
import { answerEvidence, kubeletSays } from '../../evidence/answers.ts'
import { pullCause } from '../../model.ts'
import { presumeRow } from '../../text-causes.ts'
import { accessForbidden } from '../access/access-forbidden.ts'
import { credentialsMissing } from '../access/credentials-missing.ts'
import { credentialsRejected } from '../access/credentials-rejected.ts'
import { repositoryMissingOrPrivate } from '../access/repository-missing-or-private.ts'

/**
 * The accounts or the storage of a public registry are down, so it refuses even public images. It looks like a wrong
 * password, but no password fixes it.
 */
export const registryOutage = pullCause({
  id: 'registry-outage',
  explains: [
    ...(['auth-required', 'auth-denied', 'registry-server-error'] as const),
    ...[credentialsMissing, credentialsRejected, repositoryMissingOrPrivate, accessForbidden],
  ],
  needs: { reference, publicImage, spread: maybe(spread), message, names },
  explain({ reference, publicImage, spread, message, names }) {
    if (!reference.valid || !publicImage || !refuses(publicImage))
      return presumeRow('registry-outage').explain({ message, names })
    const { host } = reference.reference
    // A 403 may be a refusal of the address that asks, on the node and here alike.
    const address = publicImage.status === 'denied'
    return {
      title: 'Registry refuses everybody',
      summary: address
        ? text`${host} refuses even a public image. Either it is out of order, or it blocks the addresses of this cluster.`
        : text`${host} refuses even a public image, so it is out of order. The image, the pull secret and the pod are not at fault.`,
      confidence: address ? 'likely' : 'proven',
      because: [answerEvidence(publicImage), ...(spread.known ? spread.value.because : []), ...kubeletSays(message)],
      remedies: [
        { kind: 'action', title: text`Wait, and watch the status page of ${host}; do not change pull secrets` },
        { kind: 'action', title: text`Until then, pull through a mirror, or run pods on nodes that have the image` },
      ],
      verify: [watchPod(names)],
      prevent: [text`Give the nodes a mirror of ${host}.`],
    }
  },
  presume: presumeRow('registry-outage'),
})

function refuses({ status }: ManifestAnswer): boolean {
  return status === 'unauthorized' || status === 'denied' || status === 'server-error'
}
