import { maybe } from '../../../../diagnosis/maybe.ts'
import { text } from '../../../../text.ts'
import { manifest } from '../../checks/manifest.ts'
import { message } from '../../checks/message.ts'
import { names } from '../../checks/names.ts'
import { presumeRow } from '../../presume-row.ts'
import { pullCause } from '../../pull-cause.ts'
import { watchPod } from '../../remedies.ts'

/** A pull that began and does not end: given up by the runtime, or still hanging at a registry that does not answer. */
export const pullStalled = pullCause({
  id: 'pull-stalled',
  explains: ['runtime-failure'],
  needs: { message, names, manifest: maybe(manifest) },
  explain({ message, names, manifest }) {
    if (message.state !== 'pulling') return presumeRow('pull-stalled').explain({ message, names })
    if (manifest.known) return undefined
    const silent = /no answer/.test(manifest.reason)
    if (!silent) return undefined
    const since = message.pullingSince ?? 'an unknown time'
    return {
      title: 'Pull hangs',
      summary: text`The pull of ${names.image} began at ${since} and has not ended, and the registry does not answer from here either.`,
      confidence: 'likely',
      because: [
        {
          says: text`the pull began, and neither ended nor failed`,
          source: `event Pulling, ${since}`,
          confidence: 'proven',
        },
        {
          says: text`asking the registry from here: ${manifest.reason}`,
          source: 'the registry, from here',
          confidence: 'proven',
        },
      ],
      remedies: [
        {
          kind: 'action',
          title: text`Look at the registry: it takes connections and does not answer. The runtime gives up by itself only where a limit is set`,
        },
      ],
      verify: [watchPod(names)],
      prevent: [],
    }
  },
})
