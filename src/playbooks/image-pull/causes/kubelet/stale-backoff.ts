import { maybe } from '../../../../diagnosis/check.ts'
import type { Reading } from '../../../../messages/read.ts'
import { text } from '../../../../text.ts'
import { deletePod, watchPod } from '../../advice/remedies.ts'
import { type RegistryBackend, registryBackend } from '../../checks/cluster-registry.ts'
import { indexChild, indexPlatforms } from '../../checks/image-content.ts'
import { type NeighbourPull, neighbours } from '../../checks/nodes.ts'
import { message, names, reference } from '../../checks/pod.ts'
import { manifest } from '../../checks/registry.ts'
import { answerEvidence, kubeletSays, referenceOf } from '../../evidence/answers.ts'
import { mirrorIn } from '../../evidence/mirrors.ts'
import { type Evidence, pullCause } from '../../model.ts'
import { registryDecides, rowCause } from '../../text-causes.ts'

/** The problem that the kubelet reported is fixed, but the kubelet still waits before its next try. */
export const staleBackoff = pullCause({
  id: 'stale-backoff',
  explains: registryDecides,
  needs: {
    ...{ reference, manifest, child: maybe(indexChild), platforms: maybe(indexPlatforms) },
    ...{ message, names },
  },
  explain({ reference, manifest, child, platforms, message, names }) {
    if (manifest.answer.status !== 'found') return undefined
    // The index of several platforms is there, and the node needs what it names for its own.
    if (child.known && child.value && child.value.answer.status !== 'found') return undefined
    if (platforms.known && platforms.value?.fits === false) return undefined
    const reading = message.said?.reading
    // Of a mirror's words the registry behind it knows nothing, and words that nobody understands may be about anything.
    if (!reference.valid || mirrorIn(message, reference.reference) || (reading && !reading.kind)) return undefined
    // Without the pod's login the question was another; where mirrors failed too, the words may be one's own.
    const same = !manifest.unlike && !message.said?.message.includes('Mirrors also failed')
    // A refusal may be about the node's address or a login of its own: only a login of the pod that is taken now proves more.
    const told = reading?.kind === 'image-not-found' || (manifest.tried.length > 0 && reading?.kind !== undefined)
    return {
      title: 'Fixed, waiting for the next try',
      summary: text`The registry serves ${names.image} now. The kubelet waits up to five minutes before it tries again.`,
      confidence:
        isNodesOwn(reading) && manifest.tried.length === 0
          ? 'possible'
          : same && told && child.known
            ? 'proven'
            : 'likely',
      because: [answerEvidence(manifest.answer), ...kubeletSays(message)],
      remedies: [deletePod(names)],
      verify: [watchPod(names)],
      prevent: [],
    }
  },
})

/** Words that fit a refusal of this node alone: a plain 403, or a login that was sent and that no secret of the pod holds. */
function isNodesOwn(reading: Reading | undefined): boolean {
  return reading?.cause === 'access-forbidden' || reading?.credential === 'sent'
}

/**
 * The way to the registry was broken, and is no longer. That the registry answers here proves nothing about the node: it
 * takes a later pull on that node, or a registry in the cluster that became ready after the last failure and answers.
 */
export const staleBackoffOfWay = pullCause({
  id: 'stale-backoff',
  explains: [
    'registry-timeout',
    'registry-refused',
    'registry-unroutable',
    'registry-server-error',
    'connection-reset',
  ].map(rowCause),
  needs: {
    reference,
    backend: registryBackend,
    manifest: maybe(manifest),
    neighbours: maybe(neighbours),
    message,
    names,
  },
  explain({ reference, backend, manifest, neighbours, message, names }) {
    const { lastFailure } = message
    if (!reference.valid || !lastFailure) return undefined
    const answer = manifest.known ? manifest.value.answer : undefined
    const later = neighbours.known
      ? laterPull(neighbours.value.pulled, names, reference.reference.host, lastFailure)
      : undefined
    const answers = answer?.status === 'found' || answer?.status === 'missing'
    const ready = answers && backend?.availableSince && backend.availableSince > lastFailure ? backend : undefined
    if (!later && !ready) return undefined
    const gone = answer?.status === 'missing'
    return {
      title: 'Fixed, waiting for the next try',
      summary: gone
        ? text`The registry can be reached again, but it does not have ${names.image}, so the next try will fail too.`
        : text`The registry can be reached again. The kubelet waits up to five minutes before it tries again.`,
      confidence: 'proven',
      because: [
        ...(later ? [pulledLater(later)] : []),
        ...(ready ? [becameReady(ready)] : []),
        ...(answer ? [answerEvidence(answer)] : []),
        ...kubeletSays(message),
      ],
      remedies: gone
        ? [{ kind: 'action', title: text`Build and push ${names.image}, or correct its name in Git` }]
        : [deletePod(names)],
      verify: [watchPod(names)],
      prevent: [],
    }
  },
})

function laterPull(
  pulled: readonly NeighbourPull[],
  { node }: { readonly node: string },
  host: string,
  lastFailure: string,
): NeighbourPull | undefined {
  return pulled.find((it) => it.node === node && it.at > lastFailure && referenceOf(it.image)?.host === host)
}

function pulledLater({ node, image, at }: NeighbourPull): Evidence {
  return {
    says: text`${node} pulled ${image} from it at ${at}`,
    source: 'events Pulled of all pods',
    confidence: 'proven',
  }
}

function becameReady({ namespace, service, availableSince }: RegistryBackend): Evidence {
  return {
    says: text`Service ${namespace}/${service} has a ready pod since ${availableSince ?? 'then'}, after the last failure`,
    source: `Service, EndpointSlices and pods of ${namespace}/${service}`,
    confidence: 'proven',
  }
}
