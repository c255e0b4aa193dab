import type { ResourceName } from './resources.ts'

// Kinds as Kubernetes writes them, by their resource.

/** What keeps a number of pods running. */
export const workloadKinds = {
  deployments: 'Deployment',
  replicasets: 'ReplicaSet',
  statefulsets: 'StatefulSet',
  daemonsets: 'DaemonSet',
  replicationcontrollers: 'ReplicationController',
} as const satisfies Partial<Record<ResourceName, string>>
export type WorkloadResource = keyof typeof workloadKinds

/** What makes pods, directly or through what it owns. */
export const makerKinds = { ...workloadKinds, jobs: 'Job', cronjobs: 'CronJob' } as const
export type MakerResource = keyof typeof makerKinds

/** Returns `deployments` for `Deployment`. undefined: another kind. */
export function workloadResource(kind: string | undefined): WorkloadResource | undefined {
  return (Object.keys(workloadKinds) as WorkloadResource[]).find((it) => workloadKinds[it] === kind) // its own keys
}

/** Returns `cronjobs` for `CronJob`. undefined: another kind. */
export function makerResource(kind: string | undefined): MakerResource | undefined {
  return (Object.keys(makerKinds) as MakerResource[]).find((it) => makerKinds[it] === kind) // its own keys
}
