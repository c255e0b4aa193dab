import type { WatchedCluster } from '../../incidents/watched-cluster.ts'
import type { Permission } from '../../kubernetes/cluster.ts'
import { ClusterError } from '../../kubernetes/errors.ts'
import type { Finding } from './finding.ts'

/** A feature, the rights it needs, and what does not work without them. */
interface Feature {
  readonly name: string
  readonly without: string
  readonly needs: readonly Permission[]
}

function reading(group: string, ...resources: readonly string[]): readonly Permission[] {
  return resources.flatMap((resource) => ['get', 'list'].map((verb) => ({ verb, resource, ...(group && { group }) })))
}

export const features: readonly Feature[] = [
  { name: 'pods and their events', without: 'nothing can be diagnosed', needs: reading('', 'pods', 'events') },
  {
    name: 'watch on pods',
    without: 'failures and recoveries are noticed by the regular check only, every `incidents.look`',
    needs: [{ verb: 'watch', resource: 'pods' }],
  },
  {
    name: 'owners and impact',
    without: 'the impact and the previous image cannot be found',
    needs: [
      ...reading('apps', 'deployments', 'replicasets', 'statefulsets', 'daemonsets', 'controllerrevisions'),
      ...reading('', 'services'),
      ...reading('discovery.k8s.io', 'endpointslices'),
    ],
  },
  {
    name: 'builds',
    without: 'failed or missing builds cannot be detected',
    needs: [...reading('batch', 'jobs', 'cronjobs'), { verb: 'get', resource: 'pods/log' }],
  },
  { name: 'nodes', without: 'the platforms and images of nodes cannot be read', needs: reading('', 'nodes') },
  {
    name: 'network policies',
    without: 'a policy that blocks a registry cannot be detected',
    needs: reading('networking.k8s.io', 'networkpolicies'),
  },
  {
    name: 'registries through the API server',
    without: 'a registry in the cluster can only be reached directly',
    needs: [{ verb: 'get', resource: 'services/proxy' }],
  },
]
export const pullSecrets: Feature = {
  name: 'pull secrets',
  without: 'registries can only be asked without credentials',
  needs: [{ verb: 'get', resource: 'secrets' }],
}

/** Checks that a cluster answers, and which rights imagepull has there, feature by feature. */
export async function checkCluster(watched: WatchedCluster, signal: AbortSignal): Promise<readonly Finding[]> {
  const subject = `cluster ${watched.name}`
  try {
    const all = watched.readsSecrets ? [...features, pullSecrets] : features
    const missing = await Promise.all(all.map((feature) => lacking(watched, feature, signal)))
    const found = all.flatMap((feature, index) => findingOf(subject, feature, missing[index] ?? []))
    return found.length > 0
      ? found
      : [{ subject, state: 'ok', message: `reachable; all rights for ${all.length} features are granted` }]
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error
    return [
      { subject, state: 'error', message: error.message, fix: 'Check the kubeconfig, its context, and the network.' },
    ]
  }
}

async function lacking(
  { cluster, namespaces }: WatchedCluster,
  { needs }: Feature,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const places = namespaces.length > 0 ? namespaces.map((namespace) => ({ namespace })) : [{}]
  const asked = places.flatMap((place) => needs.map((need) => ({ ...need, ...place })))
  const answers = await Promise.all(
    asked.map(async (permission) => ({ permission, may: await cluster.may(permission, signal) })),
  )
  return answers.filter(({ may }) => !may).map(({ permission: { verb, resource } }) => `${verb} ${resource}`)
}

function findingOf(subject: string, { name, without }: Feature, missing: readonly string[]): readonly Finding[] {
  if (missing.length === 0) return []
  const message = `${name}: not allowed to ${[...new Set(missing)].join(', ')}; ${without}`
  return [
    {
      subject,
      state: name === features[0]?.name ? 'error' : 'warning',
      message,
      fix: 'Grant it: `rbac` in the values of the chart, or the ClusterRole in deploy/rbac-readonly.yaml.',
    },
  ]
}
