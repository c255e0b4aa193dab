import { check, maybe } from '../../../diagnosis/check.ts'
import type { IndexChild, ManifestAnswer } from '../../../registry/registry.ts'
import { theRegistry } from '../inputs.ts'
import { node } from './nodes.ts'
import { message } from './pod.ts'
import { credentials } from './pull-secrets.ts'
import { manifest, registryQuestion } from './registry.ts'

/** What is in the manifest. It counts as a pull on Docker Hub, so only causes that need it ask for it. */
export const imageContent = check({
  id: 'image-content',
  doing: 'Looking into the image',
  needs: { registry: theRegistry, question: registryQuestion, credentials },
  gather: ({ registry, question, credentials }, signal) =>
    registry.content({ ...question, credential: credentials.matching[0], signal }),
})

/** The same for a pod that does not exist yet, whose container has no last words. undefined: the pod exists. */
export const forecastImage = check({
  id: 'forecast-image',
  doing: 'Looking into the image',
  needs: { message, registry: theRegistry, question: registryQuestion, credentials },
  async gather({ message, registry, question, credentials }, signal) {
    if (message.said?.by !== 'forecast') return undefined
    return registry.content({ ...question, credential: credentials.matching[0], signal })
  },
})

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

/** What a runtime takes where an index has nothing better: platforms.Only of https://github.com/containerd/platforms */
const alsoRuns: Readonly<Record<string, readonly string[]>> = { amd64: ['386'], arm64: ['arm'] }

/** The platforms of an index, and whether the node's is among them. undefined: it is no index, or the node is not known. */
export const indexPlatforms = check({
  id: 'index-platforms',
  doing: "Comparing the index with the node's platform",
  needs: { children: imageIndex, node: maybe(node) },
  async gather({ children, node }) {
    const own = node.known ? node.value?.status.nodeInfo : undefined
    if (children.length === 0 || !own?.architecture) return undefined
    const all = children.map(({ platform: { os, architecture } }) => `${os}/${architecture}`)
    const runs = [own.architecture, ...(alsoRuns[own.architecture] ?? [])].map((it) => `${own.operatingSystem}/${it}`)
    return { platforms: [...new Set(all)], fits: runs.some((it) => all.includes(it)) }
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

/** More layers than any image has in practice. */
const blobsAsked = 40

/** Blobs that the manifest names and the registry does not have. Of an index: those of the node's platform. */
export const missingBlobs = check({
  id: 'missing-blobs',
  doing: 'Looking for its layers',
  needs: {
    registry: theRegistry,
    question: registryQuestion,
    credentials,
    content: imageContent,
    child: maybe(indexChild),
  },
  async gather({ registry, question, credentials, content, child }, signal) {
    const credential = credentials.matching[0]
    const digest = child.known ? child.value?.digest : undefined
    const single = digest ? await registry.content({ ...question, reference: digest, credential, signal }) : content
    if (single.status !== 'content') return { missing: [], of: 0 }
    const blobs = single.blobs.slice(0, blobsAsked)
    const answers = await Promise.all(blobs.map((digest) => registry.blob({ ...question, digest, credential, signal })))
    return { missing: blobs.filter((_, index) => answers[index]?.status === 'missing'), of: blobs.length }
  },
})

/** The operating system of the node, and those that the image is for. */
export interface OperatingSystems {
  readonly node: string
  readonly image: readonly string[]
}

/** Read only where it may matter, for it counts as a pull on Docker Hub. undefined: it does not, or the image does not tell. */
export const operatingSystems = check({
  id: 'operating-systems',
  doing: 'Comparing operating systems',
  needs: { registry: theRegistry, question: registryQuestion, credentials, node: maybe(node), message },
  async gather({ registry, question, credentials, node, message }, signal): Promise<OperatingSystems | undefined> {
    const own = node.known ? node.value?.status.nodeInfo.operatingSystem : undefined
    // On Windows an image of another system fails as late as at its layers.
    if (!own || (message.said?.reading.kind !== 'platform-mismatch' && own !== 'windows')) return undefined
    const content = await registry.content({ ...question, credential: credentials.matching[0], signal })
    if (content.status !== 'content' || content.platforms.length === 0) return undefined
    return { node: own, image: [...new Set(content.platforms.map(({ os }) => os))] }
  },
})
