import type { Alert } from '../incidents/alert.ts'

const severities: Readonly<Record<string, Alert['severity']>> = {
  critical: 'critical',
  page: 'critical',
  error: 'critical',
  high: 'critical',
  warning: 'warning',
  info: 'info',
  none: 'info',
}

/** A label that is missing or not known is a warning: somebody is to see it. */
export function severityOf(label: string | undefined): Alert['severity'] {
  return severities[label?.toLowerCase() ?? ''] ?? 'warning'
}
