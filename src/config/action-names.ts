/** What `permissions` may name, beside "*" for any. */
export const actionNames = [
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
