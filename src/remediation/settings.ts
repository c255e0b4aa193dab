/** The configured settings of actions. Durations are in milliseconds. */
export interface RemediationSettings {
  /** The Slack group that Escalate calls. undefined: none. */
  readonly escalationGroup: string | undefined
  /** The number of restarts of a registry within `restartWindow` after which another one is not offered. */
  readonly registryRestarts: number
  readonly restartWindow: number
  /** The probe pod of `test-from-node`. undefined: the action is not enabled. */
  readonly testFromNode: { readonly image: string; readonly namespace: string } | undefined
}

/** The durations of actions that tests shorten, in milliseconds. */
export interface ActionTiming {
  /** The pause between two checks of something that is in progress. */
  readonly poll: number
  /** The pause between two batches of pods. */
  readonly batch: number
  /**
   * How long pods may take to recover by themselves after the registry answers: a little more than the kubelet's
   * longest back-off.
   */
  readonly recover: number
  /** How long an action waits for an answer of the API server, or for progress, before it fails. */
  readonly patience: number
}

export const defaultActionTiming: ActionTiming = {
  poll: 2_000,
  batch: 10_000,
  recover: 6 * 60_000,
  patience: 10 * 60_000,
}
