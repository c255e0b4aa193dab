import type { Alert } from '../incidents/alert.ts'

const severities: ReadonlyMap<string, Alert['severity']> = new Map([
  ...['critical', 'crit', 'page', 'error', 'high', 'fatal', 'emergency', 'p1', 'sev1'].map(
    (it) => [it, 'critical'] as const,
  ),
  ...['warning', 'warn', 'medium', 'minor'].map((it) => [it, 'warning'] as const),
  ...['info', 'information', 'none', 'low', 'notice'].map((it) => [it, 'info'] as const),
])

/** A label that is missing or not known is a warning: somebody is to see it. */
export function severityOf(label: string | undefined): Alert['severity'] {
  return severities.get(label?.trim().toLowerCase() ?? '') ?? 'warning'
}
