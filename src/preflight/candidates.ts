import type { Cluster } from '../kubernetes/cluster.ts'
import { ClusterError } from '../kubernetes/errors.ts'
import { type Pod, type Resource, resources } from '../kubernetes/resources.ts'
import { fits, platformOf } from './node-fit.ts'
import type { PullToCheck } from './pull-check.ts'
import { pullsOf } from './pulled-images.ts'
import type { ImageUser } from './report.ts'
import type { WouldBePod } from './would-be-pods.ts'

type Node = Resource<'nodes'>

/** Containers that share their image, login and nodes: one check for each platform that they could land on. */
export interface Candidate {
  readonly checks: readonly PullToCheck[]
  readonly platforms: readonly string[]
  readonly users: readonly ImageUser[]
}

/** `nodes`: undefined where they are not known. */
export async function candidatesOf(
  pods: readonly WouldBePod[],
  cluster: Cluster,
  nodes: readonly Node[] | undefined,
): Promise<readonly Candidate[]> {
  const all = await Promise.all(pods.map((pod) => ofPod(pod, cluster, nodes ?? [])))
  const groups = Map.groupBy(all.flat(), ({ key }) => key)
  const candidates = [...groups.values()].flatMap(([first, ...others]) =>
    first ? [{ ...first, users: [first, ...others].flatMap(({ users }) => users) }] : [],
  )
  // One image after the other, so that its registry's answers are recent when another namespace needs them.
  return candidates.toSorted((a, b) => a.key.localeCompare(b.key))
}

async function ofPod(
  would: WouldBePod,
  cluster: Cluster,
  nodes: readonly Node[],
): Promise<readonly (Candidate & { readonly key: string })[]> {
  const { kind, name } = would
  const { pod, secretsUnknown } = await admitted(would.pod, cluster)
  const { namespace } = pod.metadata
  const possible = nodes.filter((node) => fits(pod, node))
  const byPlatform = new Map(possible.toReversed().map((node) => [platformOf(node), node.metadata.name]))
  const names = possible.map(({ metadata }) => metadata.name)
  const landings = byPlatform.size > 0 ? [...byPlatform.values()].toReversed() : ['']
  return pullsOf(pod).map((pull) => {
    const common = { ...pull, owner: { kind, name }, nodes: names, ...(secretsUnknown && { secretsUnknown }) }
    const checks = landings.map((nodeName) => ({ ...common, pod: { ...pod, spec: { ...pod.spec, nodeName } } }))
    const secrets = pod.spec.imagePullSecrets.map((it) => it.name)
    const called = pull.volume ? `volume ${pull.volume}` : pull.container
    return {
      key: JSON.stringify([pull.image, pull.policy, namespace, secrets, secretsUnknown, landings, names.length]),
      checks,
      platforms: [...byPlatform.keys()].toReversed(),
      users: [{ kind, namespace, name, container: called, place: would.placeOf(called) }],
    }
  })
}

/**
 * What admission does to a pod that names no pull secret: it copies those of the ServiceAccount.
 * https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/#serviceaccount-admission-controller
 */
async function admitted(pod: Pod, cluster: Cluster): Promise<{ readonly pod: Pod; readonly secretsUnknown?: string }> {
  if (pod.spec.imagePullSecrets.length > 0) return { pod }
  const name = pod.spec.serviceAccountName || 'default'
  try {
    const account = await cluster.get('serviceaccounts', { namespace: pod.metadata.namespace, name })
    const { imagePullSecrets = [] } = account ?? {}
    return { pod: { ...pod, spec: { ...pod.spec, imagePullSecrets } } }
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error
    return { pod, secretsUnknown: `the pull secrets of ServiceAccount ${name} are not known: ${error.message}` }
  }
}

/** A node of that platform (`linux/arm64`), for those who have no cluster to ask. */
export function nodeOfPlatform(platform: string): Node {
  const [operatingSystem, architecture] = platform.split('/')
  return resources.nodes.schema.parse({
    metadata: { name: `a ${platform} node` },
    status: { nodeInfo: { operatingSystem, architecture } },
  })
}
