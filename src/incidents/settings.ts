/** How incidents behave. Every duration is in milliseconds. */
export interface IncidentSettings extends IncidentTiming {
  /** How long a failure must last before a channel is notified of it without being asked. */
  readonly grace: number
  /** How long several reports of the same failure may take to arrive. */
  readonly settle: number
  /** How long after its end an incident is reopened when the same thing fails again. */
  readonly join: number
  /** What happens to an alert whose pod has pulled its images: nothing, or one sentence in its thread. */
  readonly others: 'leave' | 'say'
}

/** The durations that tests shorten, in milliseconds. */
export interface IncidentTiming {
  /** The pause before a cluster is reconciled after a check, and between reconciliations while an incident is open. */
  readonly reconcile: number
  /** How long the diagnosis of an open incident counts before it is repeated. */
  readonly recheck: number
  /** The limit for one diagnosis. After it the verdict rests on what is known, and lists what ran out of time. */
  readonly check: number
  /** How long a workload must be ready before it counts as recovered. */
  readonly stable: number
}

export const defaultIncidentTiming: IncidentTiming = {
  reconcile: 15_000,
  recheck: 5 * 60_000,
  check: 20_000,
  stable: 60_000,
}
