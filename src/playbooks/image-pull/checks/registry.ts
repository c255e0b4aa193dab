import { check, maybe, type Observation } from '../../../diagnosis/check.ts'
import type { Resource } from '../../../kubernetes/resources.ts'
import type { ManifestAnswer, NamesAnswer, Registry } from '../../../registry/registry.ts'
import { NotAllowed, theCluster, theImage, thePermissions, theRegistry, theSettings } from '../inputs.ts'
import { registryService } from './cluster-registry.ts'
import { nodeLogin } from './node-login.ts'
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

/**
 * What the registry says to imagepull's own login, where the configuration gives one: whether the image exists. It never says
 * whether the pod or the node may pull. undefined: the configuration gives none.
 */
export const ownManifest = check({
  id: 'own-manifest',
  doing: "Asking the registry with imagepull's own login",
  needs: { registry: theRegistry, question: registryQuestion, settings: theSettings },
  async gather({ registry, question, settings }, signal): Promise<ManifestAnswer | undefined> {
    const credential = await settings.login(question.host)
    return credential && registry.manifest({ ...question, credential, signal })
  },
})

/** What the registry says to the kubelet's own question. */
export interface ManifestSeen {
  /** Of the credential that got farthest; anonymous where none matches. */
  readonly answer: ManifestAnswer
  /** Credentials that were sent, in order, by where they come from. */
  readonly tried: readonly string[]
  /** Why the kubelet's own question may have another answer: who asked had another login, or none. */
  readonly unlike?: string
}

export const manifest = check({
  id: 'manifest',
  doing: 'Asking the registry',
  needs: { registry: theRegistry, question: registryQuestion, credentials, nodeLogin, settings: theSettings },
  async gather({ registry, question, credentials, nodeLogin, settings }, signal): Promise<ManifestSeen> {
    const { unknown } = credentials
    const tried: string[] = []
    let answer: ManifestAnswer | undefined
    for (const credential of credentials.matching.slice(0, loginsTried)) {
      tried.push(credential.source)
      answer = await registry.manifest({ ...question, credential, signal })
      if (!isRefused(answer)) break
    }
    answer ??= await registry.manifest({ ...question, signal })
    // What is refused to strangers may be given to the pod, whose login is not known, and to the node, which has its own.
    const unseen = unknown ?? (tried.length === 0 ? nodeLogin?.because : undefined)
    if (!unseen || !isRefused(answer)) return { answer, tried, ...(unknown && { unlike: unknown }) }
    const credential = await settings.login(question.host)
    const own = credential && (await registry.manifest({ ...question, credential, signal }))
    // What does not exist, nobody can pull. What exists, the pod or the node may still not be allowed to pull.
    if (own?.status === 'missing') return { answer: own, tried: [], unlike: unseen }
    throw new NotAllowed(`the registry wants a login, and ${unseen}`)
  },
})

function isRefused({ status }: ManifestAnswer): boolean {
  return status === 'unauthorized' || status === 'denied'
}

/** More than these is nobody's doing; each costs a login. */
const loginsTried = 3

/** The same without any credential: what a bad credential hides. */
export const anonymousManifest = check({
  id: 'anonymous-manifest',
  doing: 'Asking the registry without a login',
  needs: { registry: theRegistry, question: registryQuestion },
  gather: ({ registry, question }, signal) => registry.manifest({ ...question, signal }),
})

/** The tags of the repository: "no such repository" is told here, where a manifest only says "unknown". */
export const tags = check({
  id: 'tags',
  doing: 'Listing the tags',
  needs: { registry: theRegistry, question: registryQuestion, credentials, settings: theSettings },
  async gather({ registry, question, credentials, settings }, signal) {
    const credential = credentials.matching[0] ?? (await settings.login(question.host))
    return registry.tags({ ...question, credential, signal })
  },
})

/** The catalogue. Public registries have none, and say so. */
export const repositories = check({
  id: 'repositories',
  doing: 'Listing the repositories',
  needs: { registry: theRegistry, question: registryQuestion, settings: theSettings },
  async gather({ registry, question, settings }, signal) {
    const credential = await settings.login(question.host)
    return registry.repositories({ ...question, credential, signal })
  },
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

interface PublicImage {
  readonly repository: string
  readonly reference: string
}

/**
 * Images that a registry gives to everybody: whether it gives anything at all. There are two of each, because the owner of
 * one may withdraw it.
 */
const publicImages: Readonly<Record<string, readonly [PublicImage, PublicImage]>> = {
  'docker.io': [
    { repository: 'library/busybox', reference: 'latest' },
    { repository: 'library/alpine', reference: 'latest' },
  ],
  'ghcr.io': [
    { repository: 'fluxcd/source-controller', reference: 'v1.0.0' },
    { repository: 'external-secrets/external-secrets', reference: 'v0.9.0' },
  ],
  'quay.io': [
    { repository: 'prometheus/busybox', reference: 'latest' },
    { repository: 'prometheus/node-exporter', reference: 'latest' },
  ],
  'registry.k8s.io': [
    { repository: 'pause', reference: '3.9' },
    { repository: 'coredns/coredns', reference: 'v1.11.1' },
  ],
  'mcr.microsoft.com': [
    { repository: 'hello-world', reference: 'latest' },
    { repository: 'dotnet/runtime', reference: 'latest' },
  ],
  'public.ecr.aws': [
    { repository: 'docker/library/busybox', reference: 'latest' },
    { repository: 'docker/library/alpine', reference: 'latest' },
  ],
  'gcr.io': [
    { repository: 'distroless/static', reference: 'latest' },
    { repository: 'distroless/base', reference: 'latest' },
  ],
}

/**
 * What the image's registry says, without a login, of images that everybody may have: the answer to the second one, where it
 * does not give out the first. undefined: no such image of it is known.
 */
export const publicImage = check({
  id: 'public-image',
  doing: 'Asking its registry for a public image',
  needs: { registry: theRegistry, permissions: thePermissions, reference },
  async gather({ registry, permissions, reference }, signal): Promise<ManifestAnswer | undefined> {
    const host = reference.valid ? reference.reference.host : ''
    const known = Object.hasOwn(publicImages, host) ? publicImages[host] : undefined
    if (!known) return undefined
    if (!permissions.registry) throw new NotAllowed('no registry was asked: --registry-access none')
    const [first, second] = known
    const answer = await registry.manifest({ host, ...first, signal })
    return answer.status === 'found' ? answer : registry.manifest({ host, ...second, signal })
  },
})

/** 403 of the token server to a login: it is not valid, may not pull this repository, or there is none. It does not tell which. */
export function refusesLogin({ answer, tried }: ManifestSeen): boolean {
  return tried.length > 0 && answer.status === 'denied' && answer.by === 'token-server'
}

/**
 * The token server took the login and gave a token, and the registry does not accept that token for this repository. So the
 * password is right; the right to pull is missing, or the repository is.
 */
export function loggedInWithoutRights({ answer, tried }: ManifestSeen): boolean {
  return tried.length > 0 && answer.status === 'unauthorized' && answer.by === 'registry' && answer.scheme === 'bearer'
}
