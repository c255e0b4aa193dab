import { maybe } from '../../../../diagnosis/check.ts'
import { text } from '../../../../text.ts'
import { watchPod } from '../../advice/remedies.ts'
import { registryBackend } from '../../checks/cluster-registry.ts'
import { message, names } from '../../checks/pod.ts'
import { manifest } from '../../checks/registry.ts'
import { kubeletSays } from '../../evidence/answers.ts'
import { pullCause } from '../../model.ts'
import { presumeRow } from '../../text-causes.ts'

/** Seconds. A shorter pull is normal, unless the registry is silent or unreachable. */
const patience = { silent: 5, otherwise: 30 } as const
/** Codes that mean that the registry took too long: the check's own limit, and that of the connection. */
const silence: ReadonlySet<string> = new Set(['no-answer', 'timeout', 'aborted'])

/** A pull that began and does not end: the runtime gave up, or it still waits for a registry that does not answer. */
export const pullStalled = pullCause({
  id: 'pull-stalled',
  explains: ['runtime-failure'],
  needs: { message, names, manifest: maybe(manifest), backend: maybe(registryBackend) },
  explain({ message, names, manifest, backend }) {
    if (message.state !== 'pulling') return presumeRow('pull-stalled').explain({ message, names })
    const seconds = message.pullingFor ?? 0
    if (manifest.known) return undefined
    const silent = silence.has(manifest.code ?? '')
    const away = backend.known && backend.value?.readyEndpoints === 0
    if (seconds < (silent || away ? patience.silent : patience.otherwise)) return undefined
    return {
      title: 'Pull hangs',
      summary: text`The pull of ${names.image} has been running for ${seconds} s without success or failure${silent ? '; the registry does not answer imagepull either' : ''}.`,
      // How far it is cannot be seen from outside the node: a large image on a slow line looks the same.
      confidence: silent ? 'likely' : 'possible',
      because: [
        ...kubeletSays(message),
        {
          says: text`the registry was asked from here: ${manifest.reason}`,
          source: 'the registry, from here',
          confidence: 'proven',
        },
      ],
      remedies: [
        {
          kind: 'action',
          title: text`Check whether the registry accepts connections without answering. The runtime gives up only if it has a time limit`,
        },
      ],
      verify: [watchPod(names)],
      prevent: [],
    }
  },
})
