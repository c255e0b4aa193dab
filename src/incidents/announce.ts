import type { Incident } from './incident.ts'
import type { Manners } from './incident-world.ts'

/**
 * Causes that often pass without anybody's help. https://kubernetes.io/docs/concepts/containers/images/#imagepullbackoff:
 * a node tries again within five minutes.
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
  /** Since it fails, for what may pass: two of the kubelet's longest pauses. */
  passing: 10 * 60_000,
  /** For a verdict, beyond the time when it is told in any case. */
  verdict: 15_000,
} as const

/** When an incident that nobody asked for is told of: RFC 3339. */
export function announcement(
  since: string,
  now: Date,
  { grace, settle }: Pick<Manners, 'grace' | 'settle'>,
): NonNullable<Incident['announce']> {
  const least = now.getTime() + settle
  const at = (ms: number): string => new Date(Math.max(least, Date.parse(since) + ms)).toISOString()
  return { from: at(grace), passingFrom: at(Math.max(grace, limits.passing)) }
}

/**
 * Milliseconds until an incident is told of, 0: now. The first words are a verdict, and what heals before is never told.
 * Where somebody is down, nothing waits for it to pass.
 */
export function untilAnnounced(incident: Incident, now: Date): number {
  const { announce, state, verdicts, affected, healing } = incident
  if (!announce) return 0
  const down = affected.workloads.some(({ impact, state: is }) => is === 'failing' && impact === 'down')
  const mayPass = healing !== undefined || (passing.has(verdicts.at(-1)?.cause ?? '') && !down)
  const late = state === 'open' ? 0 : limits.verdict
  return Math.max(0, Date.parse(mayPass ? announce.passingFrom : announce.from) + late - now.getTime())
}
