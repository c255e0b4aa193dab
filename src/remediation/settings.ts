/** What is configured for actions. Durations are milliseconds. */
export interface RemediationSettings {
  /** Whom to call. Absent: nobody is. */
  readonly escalationGroup: string | undefined
  /** So many restarts of a registry within `restartWindow`; then another one does not help. */
  readonly registryRestarts: number
  readonly restartWindow: number
  /** The probe pod of `test-from-node`. Absent: not enabled. */
  readonly testFromNode: { readonly image: string; readonly namespace: string } | undefined
}

/** Milliseconds. Tests have no time to wait. */
export interface ActionTiming {
  /** Between two looks at something that is under way. */
  readonly poll: number
  /** Between two batches of pods. */
  readonly batch: number
  /** That pods may take to recover by themselves once the registry answers: the kubelet's longest back-off, and a little. */
  readonly recover: number
  /** Without an answer of the API server, or without progress, before an action is given up. */
  readonly patience: number
}

export const defaultActionTiming: ActionTiming = {
  poll: 2_000,
  batch: 10_000,
  recover: 6 * 60_000,
  patience: 10 * 60_000,
}
