import type { Permission } from '../kubernetes/cluster.ts'

/** The ids of all actions, as the configuration, buttons and the audit use them. */
export const actionIds = [
  'delete-stuck-pod',
  'delete-stuck-pods',
  'rerun-build',
  'create-build',
  'propose-build',
  'restart-registry',
  'roll-back',
  'test-from-node',
  'escalate',
  'mute',
] as const

export type ActionId = (typeof actionIds)[number]

/** A registry or an image may be in a workload of each of these kinds. */
const patchWorkloads = [
  { verb: 'patch', group: 'apps', resource: 'deployments' },
  { verb: 'patch', group: 'apps', resource: 'statefulsets' },
  { verb: 'patch', group: 'apps', resource: 'daemonsets' },
] as const

/**
 * The permissions that each action needs in its namespace, beside read access. deploy/rbac-actions.yaml has a Role for each
 * action. An action that is not listed changes nothing in the cluster.
 */
export const actionRights = {
  'delete-stuck-pod': [{ verb: 'delete', resource: 'pods' }],
  'delete-stuck-pods': [{ verb: 'delete', resource: 'pods' }],
  'rerun-build': [{ verb: 'create', group: 'batch', resource: 'jobs' }],
  'create-build': [{ verb: 'create', group: 'batch', resource: 'jobs' }],
  'restart-registry': patchWorkloads,
  'roll-back': patchWorkloads,
  'test-from-node': [
    { verb: 'create', resource: 'pods' },
    { verb: 'get', resource: 'pods' },
    { verb: 'delete', resource: 'pods' },
    { verb: 'get', resource: 'pods/log' },
  ],
} as const satisfies Partial<Readonly<Record<ActionId, readonly Permission[]>>>

/** Returns the permissions of an action in one namespace. @param resource Only those of this resource, such as `statefulsets`. */
export function rightsIn(
  action: keyof typeof actionRights,
  namespace: string,
  resource?: string,
): readonly Permission[] {
  const needs: readonly Permission[] = actionRights[action]
  return needs.filter((it) => resource === undefined || it.resource === resource).map((it) => ({ ...it, namespace }))
}
