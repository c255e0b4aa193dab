import { check } from '../../../diagnosis/check.ts'
import type { Reference } from '../../../registry/reference.ts'
import type { ManifestAnswer } from '../../../registry/registry.ts'
import { NotAllowed, thePermissions, theRegistry } from '../inputs.ts'
import { reference } from './pod.ts'

/** A known move of this image, and what the registry at the new place says without a login. */
export interface Relocated extends Relocation {
  readonly answer: ManifestAnswer
}

/** undefined: nobody is known to have moved it. */
export const relocated = check({
  id: 'relocated',
  doing: 'Looking where its publisher moved it',
  needs: { registry: theRegistry, permissions: thePermissions, reference },
  async gather({ registry, permissions, reference }, signal): Promise<Relocated | undefined> {
    const move = reference.valid ? relocationOf(reference.reference) : undefined
    if (!reference.valid || !move) return undefined
    if (!permissions.registry) throw new NotAllowed('no registry was asked: --registry-access none')
    const { tag, digest } = reference.reference
    const answer = await registry.manifest({ ...move.to, reference: digest ?? tag ?? 'latest', signal })
    return { ...move, answer }
  },
})

/** A publisher who moved images to another place. */
interface Relocation {
  /** `bitnami`, `Kubernetes`: who moved them. */
  readonly by: string
  /** Day or month: `2025-08-28`. */
  readonly since: string
  /** Where it was announced. */
  readonly source: string
  /** What else to know before it is used. */
  readonly caution?: string
  /** Where the same image should be now. */
  readonly to: Pick<Reference, 'host' | 'repository'>
}

interface Move extends Omit<Relocation, 'to'> {
  readonly host: RegExp
  /** Of the repository before; what it captures is put into `to`. */
  readonly repository: RegExp
  /** Host and repository, with `$1` for what was captured. */
  readonly to: readonly [host: string, repository: string]
}

// Only moves that keep the name below the prefix, so that the new place can be told and looked at.
const moves: readonly Move[] = [
  {
    by: 'Bitnami',
    since: '2025-08-28',
    source: 'https://github.com/bitnami/charts/issues/35164',
    caution: 'Images there get no more updates, so plan to replace it.',
    host: /^docker\.io$/,
    repository: /^bitnami\/(.+)$/,
    to: ['docker.io', 'bitnamilegacy/$1'],
  },
  {
    by: 'Kubernetes',
    since: '2023-04-03',
    source: 'https://kubernetes.io/blog/2023/02/06/k8s-gcr-io-freeze-announcement/',
    host: /^(?:k8s|(?:us|eu|asia)\.k8s)\.gcr\.io$/,
    repository: /^(.+)$/,
    to: ['registry.k8s.io', '$1'],
  },
  {
    by: 'Kubernetes',
    since: '2023-04-03',
    source: 'https://kubernetes.io/blog/2023/02/06/k8s-gcr-io-freeze-announcement/',
    host: /^(?:[a-z]{2,4}\.)?gcr\.io$/,
    repository: /^(?:google[-_]containers|k8s-artifacts-prod)\/(.+)$/,
    to: ['registry.k8s.io', '$1'],
  },
  {
    by: 'Helm',
    since: '2020-10',
    source: 'https://github.com/helm/helm/releases/tag/v2.17.0',
    host: /^gcr\.io$/,
    repository: /^kubernetes-helm\/(.+)$/,
    to: ['ghcr.io', 'helm/$1'],
  },
  {
    by: 'GitHub',
    since: '2025-02',
    source:
      'https://docs.github.com/en/packages/working-with-a-github-packages-registry/migrating-to-the-container-registry-from-the-docker-registry',
    host: /^docker\.pkg\.github\.com$/,
    repository: /^(.+)$/,
    to: ['ghcr.io', '$1'],
  },
]

/** undefined: nobody is known to have moved it. That it is at the new place is not said: that has to be looked at. */
export function relocationOf({ host, repository }: Reference): Relocation | undefined {
  const move = moves.find((it) => it.host.test(host) && it.repository.test(repository))
  if (!move) return undefined
  const [newHost, pattern] = move.to
  const { by, since, source, caution } = move
  return {
    by,
    since,
    source,
    ...(caution && { caution }),
    to: { host: newHost, repository: repository.replace(move.repository, pattern) },
  }
}
