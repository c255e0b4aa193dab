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
 * What each action needs in the namespaces where it may be done, beside the right to look. deploy/rbac-actions.yaml has
 * each as a Role of its own. Those that are not here change nothing in the cluster.
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
