import { maybe } from '../../../../diagnosis/maybe.ts'
import { text } from '../../../../text.ts'
import { manifest } from '../../checks/manifest.ts'
import { message } from '../../checks/message.ts'
import { names } from '../../checks/names.ts'
import { type NeighbourPull, neighbours } from '../../checks/neighbours.ts'
import { reference } from '../../checks/reference.ts'
import { type RegistryBackend, registryBackend } from '../../checks/registry-backend.ts'
import { kubeletSays } from '../../evidence.ts'
import type { Evidence } from '../../finding.ts'
import { pullCause } from '../../pull-cause.ts'
import { referenceOf } from '../../reference-of.ts'
import { answerEvidence } from '../../registry-evidence.ts'
import { deletePod, watchPod } from '../../remedies.ts'
import { rowCause } from '../../row-causes.ts'

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
      title: 'Repaired, waiting for the next try',
      summary: gone
        ? text`The registry can be reached again, but does not have ${names.image}: the next try will say so.`
        : text`The registry can be reached again. The kubelet waits, up to five minutes, before it tries again.`,
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
