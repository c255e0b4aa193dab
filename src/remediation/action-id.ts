import type { Permission } from '../kubernetes/cluster.ts'

/** Every action, as the configuration, buttons and the audit call it. */
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

/**
 * The permissions that each action needs in its namespace, beside read access. deploy/rbac-actions.yaml has a Role for each
 * action. An action that is not listed changes nothing in the cluster.
 */
export const actionRights = {
  'delete-stuck-pod': [{ verb: 'delete', resource: 'pods' }],
  'delete-stuck-pods': [{ verb: 'delete', resource: 'pods' }],
  'rerun-build': [{ verb: 'create', group: 'batch', resource: 'jobs' }],
  'create-build': [{ verb: 'create', group: 'batch', resource: 'jobs' }],
  'restart-registry': [{ verb: 'patch', group: 'apps', resource: 'deployments' }],
  'roll-back': [{ verb: 'patch', group: 'apps', resource: 'deployments' }],
  'test-from-node': [
    { verb: 'create', resource: 'pods' },
    { verb: 'get', resource: 'pods' },
    { verb: 'delete', resource: 'pods' },
    { verb: 'get', resource: 'pods/log' },
  ],
} as const satisfies Partial<Readonly<Record<ActionId, readonly Permission[]>>>

/** Returns the permissions of an action in one namespace. @param resource Replaces the listed one: `statefulsets`. */
export function rightsIn(
  action: keyof typeof actionRights,
  namespace: string,
  resource?: string,
): readonly Permission[] {
  return actionRights[action].map((it) => ({ ...it, ...(resource !== undefined && { resource }), namespace }))
}
