import { check, maybe, type Observation } from '../../../diagnosis/check.ts'
import type { Resource } from '../../../kubernetes/resources.ts'
import type { IndexChild, ManifestAnswer, NamesAnswer, Registry } from '../../../registry/registry.ts'
import {
  NotAllowed,
  theCluster,
  theImage,
  thePermissions,
  thePod,
  thePull,
  theRegistry,
  theSettings,
} from '../inputs.ts'
import { registryService } from './cluster-registry.ts'
import { nodeLogin } from './node-login.ts'
import { node } from './nodes.ts'
import { owner } from './owner.ts'
import { reference } from './pod.ts'
import { credentials } from './pull-secrets.ts'

/** What the registry is asked about, for every check that asks it. */
export const registryQuestion = check({
  id: 'registry-question',
  doing: 'Preparing to ask the registry',
  needs: {
    reference,
    image: theImage,
    permissions: thePermissions,
    registry: theRegistry,
    service: maybe(registryService),
  },
  async gather({ reference, image, permissions, service }) {
    if (!permissions.registry) throw new NotAllowed('the registry was not asked: --registry-access none')
    if (!reference.valid) throw new NotAllowed('the registry was not asked: the image reference is not valid')
    const { host, repository, tag, digest } = reference.reference
    const own = service.known ? service.value?.own : undefined
    return {
      host,
      repository,
      reference: digest ?? tag ?? 'latest',
      plainHttp: image.plainHttp,
      ...(own && { service: own }),
    }
  },
})

/** What the registry says to the kubelet's own question. */
export interface ManifestSeen {
  /** Of the credential that got farthest; anonymous where none matches. */
  readonly answer: ManifestAnswer
  /** Credentials that were sent, in order, by where they come from. */
  readonly tried: readonly string[]
  /** Why the pod's credentials are unknown: then the question was an anonymous one, and the kubelet's may have another answer. */
  readonly unlike?: string
}

export const manifest = check({
  id: 'manifest',
  doing: 'Asking the registry',
  needs: { registry: theRegistry, question: registryQuestion, credentials, nodeLogin },
  async gather({ registry, question, credentials, nodeLogin }, signal): Promise<ManifestSeen> {
    const tried: string[] = []
    let answer: ManifestAnswer | undefined
    for (const credential of credentials.matching.slice(0, manifestCharacters)) {
      tried.push(credential.source)
      answer = await registry.manifest({ ...question, credential, signal })
      if (answer.status !== 'unauthorized' && answer.status !== 'denied') break
    }
    answer ??= await registry.manifest({ ...question, signal })
    // What is refused to strangers may be given to the pod, whose login is not known, and to the node, which has its own.
    const unseen = credentials.unknown ?? (tried.length === 0 ? nodeLogin?.because : undefined)
    if (unseen && (answer.status === 'unauthorized' || answer.status === 'denied'))
      throw new NotAllowed(`the registry wants a login, and ${unseen}`)
    return { answer, tried, ...(credentials.unknown && { unlike: credentials.unknown }) }
  },
})

/** More than these is nobody's doing; each costs a login. */
const manifestCharacters = 3

/** The same without any credential: what a bad credential hides. */
export const anonymousManifest = check({
  id: 'anonymous-manifest',
  doing: 'Asking the registry without a login',
  needs: { registry: theRegistry, question: registryQuestion },
  gather: ({ registry, question }, signal) => registry.manifest({ ...question, signal }),
})

/** What is in the manifest. It counts as a pull on Docker Hub, so only causes that need it ask for it. */
export const imageContent = check({
  id: 'image-content',
  doing: 'Looking into the image',
  needs: { registry: theRegistry, question: registryQuestion, credentials },
  gather: ({ registry, question, credentials }, signal) =>
    registry.content({ ...question, credential: credentials.matching[0], signal }),
})

/** What stands for `{namespace}`, `{pod}` … in sentences and commands of the tables. */
export interface Names {
  readonly namespace: string
  readonly pod: string
  readonly container: string
  readonly image: string
  /** The host that was contacted, as far as the message tells. */
  readonly host: string
  readonly node: string
  /** `deployment/my-app`; the pod itself where nobody owns it. */
  readonly owner: string
}

export const names = check({
  id: 'names',
  doing: 'Collecting names',
  needs: { pod: thePod, pull: thePull, owner: maybe(owner) },
  gather: async ({ pod, pull, owner }): Promise<Names> => ({
    namespace: pod.metadata.namespace,
    pod: pod.metadata.name,
    container: pull.container,
    image: pull.image,
    host: pull.said?.reading.host ?? 'the registry',
    node: pod.spec.nodeName || 'its node',
    owner:
      owner.known && owner.value ? `${owner.value.kind.toLowerCase()}/${owner.value.name}` : `pod/${pod.metadata.name}`,
  }),
})

/** The tags of the repository: "no such repository" is told here, where a manifest only says "unknown". */
export const tags = check({
  id: 'tags',
  doing: 'Listing the tags',
  needs: { registry: theRegistry, question: registryQuestion, credentials, settings: theSettings },
  gather: ({ registry, question, credentials, settings }, signal) =>
    registry.tags({ ...question, credential: credentials.matching[0] ?? settings.login(question.host), signal }),
})

/** The catalogue. Public registries have none, and say so. */
export const repositories = check({
  id: 'repositories',
  doing: 'Listing the repositories',
  needs: { registry: theRegistry, question: registryQuestion, settings: theSettings },
  gather: ({ registry, question, settings }, signal) =>
    registry.repositories({ ...question, credential: settings.login(question.host), signal }),
})

/** No list of tags, and the catalogue does not have it either: a repository whose last tag was deleted is still a repository. */
export function isRepositoryMissing(
  tags: Observation<NamesAnswer>,
  repositories: Observation<NamesAnswer>,
  repository: string,
): boolean {
  if (!tags.known || tags.value.status !== 'missing') return false
  return !(repositories.known && repositories.value.status === 'names' && repositories.value.names.includes(repository))
}

/** References of the same tag under the same name in registries that run in this cluster. */
export const copies = check({
  id: 'copies',
  doing: 'Looking for a copy in the cluster',
  needs: { cluster: theCluster, registry: theRegistry, permissions: thePermissions, reference },
  async gather({ cluster, registry, permissions, reference }, signal): Promise<readonly string[]> {
    if (!permissions.registry) throw new NotAllowed('no registry was asked: --registry-access none')
    if (!reference.valid || !reference.reference.tag) return []
    const { repository, tag } = reference.reference
    const services = await cluster.list('services', {}, signal)
    const hosts = services.items.filter(mayBeRegistry).slice(0, copiesAsked)
    const names = [...new Set([repository, repository.split('/').at(-1) ?? repository])]
    const asked = hosts.flatMap((service) => names.map((name) => holds(registry, service, `${name}`, tag, signal)))
    return (await Promise.all(asked)).flatMap((it) => it ?? [])
  },
})

/** In-cluster registries that are asked. */
const copiesAsked = 2
/** What the distribution registry listens on, and nearly every in-cluster registry with it. */
const registryPort = 5_000

type Service = Resource<'services'>

function mayBeRegistry({ metadata, spec }: Service): boolean {
  return /registry/.test(metadata.name) && spec.ports.some(({ port }) => port === registryPort)
}

async function holds(
  registry: Registry,
  { metadata, spec }: Service,
  repository: string,
  tag: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const host = `${spec.clusterIP}:${registryPort}`
  const service = { namespace: metadata.namespace, name: metadata.name, port: registryPort, tls: false }
  // No answer of a registry that nobody asked about is no news.
  const answer = await registry.manifest({ host, repository, reference: tag, service, signal }).catch(() => undefined)
  return answer?.status === 'found' ? `${host}/${repository}:${tag}` : undefined
}

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
