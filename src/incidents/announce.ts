import type { Incident } from './incident.ts'
import type { IncidentSettings } from './settings.ts'

/**
 * Causes that often pass without help. A node tries again within five minutes:
 * https://kubernetes.io/docs/concepts/containers/images/#imagepullbackoff
 */
const passing: ReadonlySet<string> = new Set([
  'rate-limited',
  'pulls-throttled',
  'registry-server-error',
  'stale-backoff',
  'build-running',
])

/** Milliseconds. */
const limits = {
  /** How long a failure that may pass is given: two of the kubelet's longest back-offs. */
  passing: 10 * 60_000,
  /** How long an announcement waits for a verdict after it is due. */
  verdict: 15_000,
} as const

/** Returns when an incident that nobody asked for is announced, as RFC 3339. @param since RFC 3339: when the failure began. */
export function announcement(
  since: string,
  now: Date,
  { grace, settle }: Pick<IncidentSettings, 'grace' | 'settle'>,
): NonNullable<Incident['announce']> {
  const least = now.getTime() + settle
  const began = Math.min(Date.parse(since), now.getTime()) // the cluster's clock may be ahead of this one
  const at = (ms: number): string => new Date(Math.max(least, began + ms)).toISOString()
  return { from: at(grace), passingFrom: at(Math.max(grace, limits.passing)) }
}

/**
 * Returns the milliseconds until an incident may be announced; 0: now. The first message contains a verdict, and an incident
 * that heals before is never announced. While a workload is down, nothing waits for the failure to pass.
 */
export function untilAnnounced(incident: Incident, now: Date): number {
  const { announce, state, verdicts, affected, healing, openedAt } = incident
  if (!announce || isSetBack(openedAt, now)) return 0
  const down = affected.workloads.some(({ impact, state: is }) => is === 'failing' && impact === 'down')
  const mayPass = healing !== undefined || (passing.has(verdicts.at(-1)?.cause ?? '') && !down)
  const late = state === 'open' ? 0 : limits.verdict
  return Math.max(0, Date.parse(mayPass ? announce.passingFrom : announce.from) + late - now.getTime())
}

/** Milliseconds by which the clocks of two machines may differ. */
const skew = 5_000

/** Tells whether the clock was set back since that time (RFC 3339). Then nobody can say how long ago it was. */
function isSetBack(since: string, now: Date): boolean {
  return Date.parse(since) > now.getTime() + skew
}
