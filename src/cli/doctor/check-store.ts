import type { ServiceSettings } from '../../config/environment.ts'
import { alertRecords } from '../../incidents/alerts/records.ts'
import { wrongVerdicts } from '../../incidents/investigation/feedback.ts'
import { incidentRecords } from '../../incidents/records.ts'
import { auditRecords } from '../../remediation/execution/audit.ts'
import { openStore } from '../../store/open.ts'
import { type Store, StoreError } from '../../store/store.ts'
import { plain } from '../../text.ts'
import type { Finding } from './finding.ts'

/**
 * Checks Redis as it is set up, or the directory of the embedded store, and reads what is stored for the clusters.
 * @param clusters Their names.
 */
export async function checkStore(
  { redis, dataDirectory }: ServiceSettings,
  clusters: readonly string[],
): Promise<readonly Finding[]> {
  const subject = redis ? 'Redis' : 'embedded store'
  const unreadable = new Set<string>()
  try {
    const { store, close } = await openStore({
      ...(redis && { redis }),
      dataDirectory,
      keep: 1,
      onError: () => undefined,
      onUnreadable: ({ kind, id }) => unreadable.add(`${kind} ${id}`),
    })
    try {
      await store.ping()
      const problems = await store.problems()
      await readAll(store, clusters)
      const ok = redis ? 'reachable, persistent, supported version' : dataDirectory
      return [
        ...(problems.length > 0
          ? problems.map((problem) => ({ subject, state: 'error' as const, message: plain(problem) }))
          : [{ subject, state: 'ok' as const, message: ok }]),
        ...(unreadable.size > 0 ? [unreadableFinding(subject, [...unreadable])] : []),
      ]
    } finally {
      await close()
    }
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    if (error.code === 'in-use')
      return [{ subject, state: 'ok', message: `${dataDirectory} is in use: imagepull is running` }]
    const fix = redis
      ? 'Check REDIS_URL, and that the server is running.'
      : 'Set IMAGEPULL_DATA_DIR to a writable directory.'
    return [{ subject, state: 'error', message: error.message, fix }]
  }
}

/** Milliseconds of the audit log that are read. */
const auditTime = 30 * 24 * 60 * 60 * 1_000

/** Reads every list of records. The store reports each record that cannot be read. */
async function readAll(store: Store, clusters: readonly string[]): Promise<void> {
  const now = new Date()
  const incidents = incidentRecords(store)
  const alerts = alertRecords(store)
  for (const cluster of clusters) {
    await incidents.open(cluster)
    await alerts.firing(cluster)
  }
  await wrongVerdicts(store).since(new Date(0))
  await auditRecords(store).between(new Date(now.getTime() - auditTime), now)
}

/** Records that are named in the output; more are only counted. */
const shown = 5

function unreadableFinding(subject: string, records: readonly string[]): Finding {
  const more = records.length > shown ? `, and ${records.length - shown} more` : ''
  return {
    subject,
    state: 'warning',
    message: `cannot read ${records.slice(0, shown).join(', ')}${more}. imagepull ignores these records and keeps them`,
    fix: 'If a newer version of imagepull wrote them, start that version.',
  }
}
