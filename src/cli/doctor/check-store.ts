import type { ServiceSettings } from '../../config/environment.ts'
import { alertRecords } from '../../incidents/alerts/records.ts'
import { wrongVerdicts } from '../../incidents/investigation/feedback.ts'
import { incidentRecords } from '../../incidents/records.ts'
import { QueueError } from '../../queue/queue.ts'
import { tryQueue } from '../../queue/try-queue.ts'
import type { RedisSettings } from '../../redis/settings.ts'
import { auditRecords } from '../../remediation/execution/audit.ts'
import { redact } from '../../secret.ts'
import { type OpenedStore, openStore } from '../../store/open.ts'
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
  const ok = redis ? 'reachable, persistent, supported version, and the queue works' : dataDirectory
  const unreadable = new Set<string>()
  try {
    const opened = await openStore({
      ...(redis && { redis }),
      dataDirectory,
      keep: 1,
      onError: () => undefined,
      onUnreadable: ({ kind, id }) => unreadable.add(`${kind} ${id}`),
    })
    const findings = await examine({ subject, ok }, opened, clusters).finally(opened.close)
    return [...findings, ...(unreadable.size > 0 ? [unreadableFinding(subject, [...unreadable])] : [])]
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    if (error.code === 'in-use')
      return [{ subject, state: 'ok', message: `${dataDirectory} is in use: imagepull is running` }]
    const fix = redis ? fixOf(error, redis) : 'Set IMAGEPULL_DATA_DIR to a writable directory.'
    return [{ subject, state: 'error', message: messageOf(error), fix }]
  }
}

async function examine(
  { subject, ok }: { readonly subject: string; readonly ok: string },
  { store, backend }: OpenedStore,
  clusters: readonly string[],
): Promise<readonly Finding[]> {
  const problems = (await store.problems()).map((problem) => ({
    subject,
    state: 'error' as const,
    message: plain(problem),
  }))
  try {
    await store.ping()
    await readAll(store, clusters)
    if ('redis' in backend) await tryQueue(backend)
  } catch (error) {
    if (!(error instanceof StoreError || error instanceof QueueError)) throw error
    if (!('redis' in backend)) throw error
    return [...problems, { subject, state: 'error', message: messageOf(error), fix: fixOf(error, backend.redis) }]
  }
  if (problems.length > 0) return problems
  return [{ subject, state: 'ok', message: ok }]
}

function messageOf({ message, cause }: Error): string {
  const reason = cause instanceof Error ? redact(cause.message) : ''
  return reason === '' || message.includes(reason) ? message : `${message}: ${reason}`
}

/** The first word of an answer of Redis, or the code of an error of a connection. */
const fixes: readonly (readonly [codes: RegExp, fix: string])[] = [
  [/^(?:WRONGPASS|NOAUTH)/, 'Check the user in REDIS_URL, and the password there or in REDIS_PASSWORD_FILE.'],
  // Redis 7.0 answers so where a script may not use a command: https://github.com/redis/redis/blob/7.0/src/script.c
  [/^NOPERM|can't run this command/, 'Give the user the rights that deploy/redis.md lists.'],
  [/^(?:MOVED|CROSSSLOT|ASK)/, 'Redis is a cluster: set REDIS_CLUSTER_NODES.'],
  [/^ERR This instance has cluster support disabled/, 'Redis is no cluster: remove REDIS_CLUSTER_NODES.'],
  [/CERT|SIGNATURE|^ERR_SSL|^ERR_TLS|^ERR_OSSL/, 'Check REDIS_CA_FILE, REDIS_CERT_FILE and REDIS_KEY_FILE.'],
]

function fixOf(error: Error, { tls }: RedisSettings): string {
  const words = [...reasonsOf(error)]
  const known = fixes.find(([codes]) => words.some((word) => codes.test(word)))
  const usual = `Check REDIS_URL, and that the server is running${tls ? ' and speaks TLS at that port' : ''}.`
  return known?.[1] ?? usual
}

/** Codes and messages of an error and of all that led to it. */
function* reasonsOf(error: unknown): Generator<string> {
  if (!(error instanceof Error)) return
  const { code, lastNodeError } = error as { readonly code?: unknown; readonly lastNodeError?: unknown } // Node's, ioredis'
  yield* [String(code ?? ''), error.message]
  yield* reasonsOf(error.cause)
  yield* reasonsOf(lastNodeError)
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
