/** The kinds that are pods or have pods, by the resource's name. */
export type TargetKind =
  | 'pods'
  | 'deployments'
  | 'replicasets'
  | 'statefulsets'
  | 'daemonsets'
  | 'replicationcontrollers'
  | 'jobs'
  | 'cronjobs'

// kubectl's own words: singular, plural, short. See `kubectl api-resources`.
const words: Readonly<Record<TargetKind, readonly string[]>> = {
  pods: ['pod', 'pods', 'po'],
  deployments: ['deployment', 'deployments', 'deploy'],
  replicasets: ['replicaset', 'replicasets', 'rs'],
  statefulsets: ['statefulset', 'statefulsets', 'sts'],
  daemonsets: ['daemonset', 'daemonsets', 'ds'],
  replicationcontrollers: ['replicationcontroller', 'replicationcontrollers', 'rc'],
  jobs: ['job', 'jobs'],
  cronjobs: ['cronjob', 'cronjobs', 'cj'],
}
/** As Kubernetes itself writes the kinds. */
const kubernetesKinds = {
  pods: 'Pod',
  deployments: 'Deployment',
  replicasets: 'ReplicaSet',
  statefulsets: 'StatefulSet',
  daemonsets: 'DaemonSet',
  replicationcontrollers: 'ReplicationController',
  jobs: 'Job',
  cronjobs: 'CronJob',
} as const satisfies Record<TargetKind, string>
export type KubernetesKind = (typeof kubernetesKinds)[TargetKind]

const kinds = new Map(
  Object.entries(words).flatMap(([kind, of]) => of.map((word) => [word, kind as TargetKind])), // a key of `words`
)

/** `Deployment`, `deploy` and `deployments.apps` alike. undefined: no such kind, or one that has no pods. */
export function targetKind(word: string): TargetKind | undefined {
  const [name = ''] = word.toLowerCase().split('.')
  return kinds.get(name)
}

/** `Deployment` of `deployments`. */
export function kubernetesKind(kind: TargetKind): KubernetesKind {
  return kubernetesKinds[kind]
}
