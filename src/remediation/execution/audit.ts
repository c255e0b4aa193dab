import { z } from 'zod'
import { redactLong } from '../../secret.ts'
import { type Records, records } from '../../store/records.ts'
import type { Store } from '../../store/store.ts'
import type { Approval } from '../approvals/approval.ts'

const version = 1

/**
 * `intent`: somebody's word that it may be done; `effect`: one change of something outside; `outcome`: how it ended.
 * `request`, `declined` and `refusal` lead to nothing.
 */
export const auditSchema = z.object({
  version: z.literal(version),
  at: z.iso.datetime(),
  what: z.enum(['request', 'declined', 'refusal', 'intent', 'effect', 'outcome']),
  action: z.string(),
  approval: z.string(),
  incident: z.string(),
  /** Slack ids. Absent: imagepull itself, for what was approved. */
  who: z.object({ user: z.string(), team: z.string() }).optional(),
  cluster: z.string(),
  namespace: z.string(),
  target: z.object({ kind: z.string(), namespace: z.string(), name: z.string(), uid: z.string() }),
  planHash: z.string(),
  /** In a few words: how it was and how it is then. */
  before: z.string().optional(),
  after: z.string().optional(),
  /** Of an outcome or a refusal. */
  result: z.string().optional(),
})
export type AuditEntry = z.infer<typeof auditSchema>

/** What happened, beside what the approval itself says. `key`: the same for the same thing, however often it is told. */
export type AuditEvent = Pick<AuditEntry, 'at' | 'what' | 'who' | 'before' | 'after' | 'result'> & {
  readonly key: string
  readonly target?: AuditEntry['target']
}

const dayLength = 24 * 60 * 60 * 1_000

type About = Pick<Approval, 'id' | 'incident' | 'plan'>

/** What was done, by whom, on whose word. It is only ever added to: an entry that is there stays as it is. */
export function auditRecords(store: Store) {
  const entries = records(store, 'audit', { schema: auditSchema, version, substitute: true })

  return {
    async append(approval: About, { key, target, ...event }: AuditEvent): Promise<void> {
      const { id, incident, plan } = approval
      const { action, cluster, namespace, hash: planHash } = plan
      const about = { version, approval: id, incident, action, cluster, namespace, planHash } as const
      const value = { ...about, target: target ?? plan.target, ...event }
      const list = event.at.slice(0, 10)
      await entries.change(`${id} ${event.what} ${key}`, (before) => (before ? undefined : { value, list }))
    },

    /** All from `since` until `until`, by time. `unreadable`: ids of entries of those days that are not understood. */
    async between(
      since: Date,
      until: Date,
    ): Promise<{ readonly entries: readonly AuditEntry[]; readonly unreadable: readonly string[] }> {
      const found: AuditEntry[] = []
      const unreadable: string[] = []
      for (let day = startOfDay(since); day <= until.getTime(); day += dayLength) {
        const those = await entries.all(new Date(day).toISOString().slice(0, 10))
        for (const { value } of those.records) found.push(value)
        for (const { id } of those.unreadable) unreadable.push(id)
      }
      const inside = found.filter(({ at }) => Date.parse(at) >= since.getTime() && Date.parse(at) <= until.getTime())
      return { entries: inside.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at)), unreadable }
    },
  }
}

function startOfDay(time: Date): number {
  return Date.UTC(time.getUTCFullYear(), time.getUTCMonth(), time.getUTCDate())
}

const evidenceVersion = 1

const schema = z.object({
  version: z.literal(evidenceVersion),
  incident: z.string(),
  approval: z.string(),
  at: z.iso.datetime(),
  /** `pod`: its status, its events and the verdict; `log`: of a build. */
  what: z.enum(['pod', 'log']),
  namespace: z.string(),
  name: z.string(),
  uid: z.string(),
  /** Redacted; of something longer the end. */
  content: z.string(),
})
export type Evidence = z.infer<typeof schema>

/** Characters: enough for a build's last thousand lines. `redactLong` reads more than that. */
const limit = 256 * 1_024
const listLimit = 10_000

/** The last lines. One that was cut is left out: half a secret would not look like one. */
function endOf(content: string): string {
  if (content.length <= limit) return content
  const end = content.slice(-limit)
  return end.slice(end.indexOf('\n') + 1)
}

/** What an action is about to destroy, or may: kept before it is done. */
export function evidenceRecords(store: Store) {
  const all: Records<Evidence> = records(store, 'evidence', { schema, version: evidenceVersion })
  return {
    /** The first that is kept of an object stays: it is the state before. */
    async keep(of: Omit<Evidence, 'version'>): Promise<void> {
      const value = { version: evidenceVersion, ...of, content: await redactLong(endOf(of.content)) } as const
      const id = `${of.approval} ${of.what} ${of.uid}`
      await all.change(id, (before) => (before ? undefined : { value, list: of.incident }))
    },
    of: async (incident: string): Promise<readonly Evidence[]> =>
      (await all.list(incident, listLimit)).records.map(({ value }) => value),
  }
}
