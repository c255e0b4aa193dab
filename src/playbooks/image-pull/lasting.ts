import type { Lasting } from '../../messages/row.ts'
import { rowById } from '../../messages/rows.ts'

/** Of causes that only facts show; the others have it in their row. */
const ofFacts: Readonly<Record<string, Lasting>> = {
  'bad-credentials-on-public-image': 'final',
  'build-destination-mismatch': 'final',
  'build-failed': 'final',
  'build-running': 'transient',
  'default-tag-missing': 'final',
  'exec-format': 'final',
  'image-deleted': 'final',
  'image-never-built': 'final',
  'image-relocated': 'final',
  'network-policy-blocks-registry': 'final',
  'pull-queued': 'transient',
  'pull-secret-not-attached': 'final',
  'pull-secret-unmatched': 'final',
  'registry-down': 'transient',
  'registry-storage-lost': 'final',
  'repository-missing-or-private': 'final',
  'stale-backoff': 'transient',
  'stale-service-ip': 'final',
  'wrong-registry': 'final',
}

/** Whether what this cause breaks fails again until somebody changes something, or may pass by itself. */
export function lastingOf(cause: string): Lasting | 'unknown' {
  return rowById(cause)?.lasting ?? (Object.hasOwn(ofFacts, cause) ? ofFacts[cause] : undefined) ?? 'unknown'
}
