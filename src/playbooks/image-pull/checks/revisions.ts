import { check } from '../../../diagnosis/check.ts'
import type { Cluster } from '../../../kubernetes/cluster.ts'
import type { Resource } from '../../../kubernetes/resources.ts'
import { theCluster, thePod } from '../givens.ts'
import { owner } from './owner.ts'

type Workload = Resource<'deployments'>

/** What a workload was at one time. */
export interface Revision {
  /** As `kubectl rollout history` counts. */
  readonly number: number
  /** RFC 3339. */
  readonly since: string
  readonly containers: readonly { readonly name: string; readonly image: string }[]
}

/** Of the pod's workload, the newest first; none where it keeps no history. At most as many as its history limit, 10 by default. */
export const revisions = check({
  id: 'revisions',
  doing: 'Reading what it was before',
  needs: { cluster: theCluster, pod: thePod, owner },
  async gather({ cluster, pod, owner }, signal): Promise<readonly Revision[]> {
    const workload = owner?.workload
    const read = readers[owner?.kind ?? '']
    if (!workload || !read) return []
    const all = await read(cluster, workload, pod.metadata.namespace, signal)
    return all.filter((it) => it.number > 0).toSorted((a, b) => b.number - a.number)
  },
})

type Read = (
  cluster: Cluster,
  workload: Workload,
  namespace: string,
  signal: AbortSignal,
) => Promise<readonly Revision[]>

const readers: Readonly<Record<string, Read>> = {
  Deployment: replicaSets,
  StatefulSet: controllerRevisions,
  DaemonSet: controllerRevisions,
}

// https://kubernetes.io/docs/reference/labels-annotations-taints/#deployment-kubernetes-io-revision
const numberAnnotation = 'deployment.kubernetes.io/revision'

async function replicaSets(...[cluster, workload, namespace, signal]: Parameters<Read>): Promise<readonly Revision[]> {
  const { items } = await cluster.list('replicasets', { namespace, labels: labelsOf(workload) }, signal)
  return items
    .filter((it) => isOwned(it, workload))
    .map(({ metadata, spec }) => ({
      number: Number(metadata.annotations[numberAnnotation] ?? 0),
      since: metadata.creationTimestamp,
      containers: imagesOf(spec.template?.spec),
    }))
}

async function controllerRevisions(
  ...[cluster, workload, namespace, signal]: Parameters<Read>
): Promise<readonly Revision[]> {
  const { items } = await cluster.list('controllerrevisions', { namespace, labels: labelsOf(workload) }, signal)
  return items
    .filter((it) => isOwned(it, workload))
    .map(({ metadata, revision, data }) => ({
      number: revision,
      since: metadata.creationTimestamp,
      containers: imagesOf(data?.spec.template.spec),
    }))
}

/** Expressions of a selector are left out: the owner decides in the end. */
function labelsOf({ spec: { selector } }: Workload): Readonly<Record<string, string>> {
  return selector && typeof selector.matchLabels === 'object' ? selector.matchLabels : {}
}

function isOwned(object: { readonly metadata: Workload['metadata'] }, { metadata: { uid } }: Workload): boolean {
  return object.metadata.ownerReferences.some((it) => it.controller && it.uid === uid)
}

type Spec = NonNullable<Workload['spec']['template']>['spec']

function imagesOf(spec: Spec | undefined): Revision['containers'] {
  return [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].map(({ name, image }) => ({ name, image }))
}
