import { check } from '../../../diagnosis/check.ts'
import { maybe } from '../../../diagnosis/maybe.ts'
import type { IndexChild, ManifestAnswer } from '../../../registry/answers.ts'
import { theRegistry } from '../givens.ts'
import { credentials } from './credentials.ts'
import { manifest } from './manifest.ts'
import { node } from './node.ts'
import { registryQuestion } from './registry-question.ts'

/** The manifest that an index names for the node's platform, and whether the registry has it. */
export interface IndexChildSeen extends IndexChild {
  readonly answer: ManifestAnswer
}

/** What a registry says of the type of an index: https://github.com/opencontainers/image-spec/blob/v1.1.0/media-types.md */
const indexTypes = /\.image\.index\.v1\+json$|\.manifest\.list\.v2\+json$/

/** Reading an index counts as a pull on Docker Hub: it is read only where the registry says that the tag names one. */
export const imageIndex = check({
  id: 'image-index',
  doing: 'Reading the index of the image',
  needs: { registry: theRegistry, question: registryQuestion, credentials, manifest },
  async gather({ registry, question, credentials, manifest: { answer } }, signal): Promise<readonly IndexChild[]> {
    if (answer.status !== 'found' || !indexTypes.test(answer.mediaType)) return []
    const content = await registry.content({ ...question, credential: credentials.matching[0], signal })
    return content.status === 'content' ? content.children : []
  },
})

/** More entries of one platform than any image has in practice. */
const most = 4

/** undefined: the tag names no index, or the index has nothing for the node's platform. */
export const indexChild = check({
  id: 'index-child',
  doing: "Looking for the image of the node's platform",
  needs: { registry: theRegistry, question: registryQuestion, credentials, children: imageIndex, node: maybe(node) },
  async gather({ registry, question, credentials, children, node }, signal): Promise<IndexChildSeen | undefined> {
    const platform = node.known ? node.value?.status.nodeInfo : undefined
    // Several differ in their variant, or in the build of Windows. Which of them the runtime takes, it alone knows.
    const fitting = children.filter(
      ({ digest, platform: { os, architecture } }) =>
        digest !== '' && os === platform?.operatingSystem && architecture === platform.architecture,
    )
    const credential = credentials.matching[0]
    const seen = await Promise.all(
      fitting.slice(0, most).map(async (child): Promise<IndexChildSeen> => {
        const answer = await registry.manifest({ ...question, reference: child.digest, credential, signal })
        return { ...child, answer }
      }),
    )
    return seen.find(({ answer }) => answer.status === 'found') ?? seen[0]
  },
})
