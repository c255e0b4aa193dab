import { maybe } from '../../../../diagnosis/check.ts'
import { text } from '../../../../text.ts'
import { setImage, watchPod } from '../../advice/remedies.ts'
import { message, names, reference } from '../../checks/pod.ts'
import { manifest } from '../../checks/registry.ts'
import { relocated } from '../../checks/relocated.ts'
import { answerEvidence, kubeletSays } from '../../evidence/answers.ts'
import { pullCause } from '../../model.ts'
import { registryDecides } from '../../text-causes.ts'
import { repositoryMissingOrPrivate } from '../access/repository-missing-or-private.ts'
import { defaultTagMissing } from './default-tag-missing.ts'
import { repositoryMissing } from './repository-missing.ts'
import { tagMissing } from './tag-missing.ts'

/** The publisher moved the image: it is missing at the old location and exists at the new one. */
export const imageRelocated = pullCause({
  id: 'image-relocated',
  // A registry that was closed has no name or no answer any more.
  explains: [
    ...registryDecides,
    tagMissing,
    defaultTagMissing,
    repositoryMissing,
    repositoryMissingOrPrivate,
    'dns-failure',
    'registry-timeout',
    'registry-refused',
    'tls-untrusted',
    'tls-handshake',
  ],
  needs: { reference, relocated, manifest: maybe(manifest), message, names },
  explain({ reference, relocated, manifest, message, names }) {
    if (!reference.valid || relocated?.answer.status !== 'found') return undefined
    const old = manifest.known ? manifest.value.answer : undefined
    const gone = old?.status === 'missing' || old?.status === 'unauthorized' || old?.status === 'denied'
    const { to, by, since, source, caution } = relocated
    const elsewhere = to.host !== reference.reference.host
    // Of two repositories of one host the old one has to be missing; a host that was left may be beyond reach.
    if (old ? !gone : !elsewhere) return undefined
    const { tag, digest } = reference.reference
    const image = `${to.host}/${to.repository}${digest ? `@${digest}` : `:${tag ?? 'latest'}`}`
    return {
      title: 'Image has moved',
      summary: text`${by} moved this image in ${since}. It is now at ${image}.${caution ? ` ${caution}` : ''}`,
      confidence: gone ? 'proven' : 'likely',
      because: [
        ...(old ? [answerEvidence(old)] : []),
        answerEvidence(relocated.answer),
        { says: text`${by} announced the move (${since})`, source, confidence: 'proven' },
        ...kubeletSays(message),
      ],
      remedies: [...setImage(names, image), { kind: 'link', title: text`Read the announcement of ${by}`, url: source }],
      edit: {
        why: text`Use the new location`,
        change: { field: 'image', container: names.container, from: names.image, to: image },
      },
      verify: [watchPod(names)],
      prevent: [text`Mirror the images that you depend on to your own registry.`],
    }
  },
})
