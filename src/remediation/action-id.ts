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
