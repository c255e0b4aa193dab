import { z } from 'zod'
import { redactLong } from '../../secret.ts'
import { type Records, records } from '../../store/records.ts'
import type { Store } from '../../store/store.ts'
import type { Approval } from '../approvals/approval.ts'

const version = 1

/**
 * `intent`: a person approved it. `effect`: one change outside of this program. `outcome`: how it ended. After
 * `request`, `declined` and `refusal` nothing was done.
 */
export const auditSchema = z.object({
  version: z.literal(version),
  at: z.iso.datetime(),
  what: z.enum(['request', 'declined', 'refusal', 'intent', 'effect', 'outcome']),
  action: z.string(),
  approval: z.string(),
  incident: z.string(),
  /** Ids in Slack. Absent: imagepull itself, on behalf of the approver. */
  who: z.object({ user: z.string(), team: z.string() }).optional(),
  cluster: z.string(),
  namespace: z.string(),
  target: z.object({ kind: z.string(), namespace: z.string(), name: z.string(), uid: z.string() }),
  planHash: z.string(),
  /** A few words about the state before and after it. */
  before: z.string().optional(),
  after: z.string().optional(),
  /** The result of an outcome or a refusal. */
  result: z.string().optional(),
})
export type AuditEntry = z.infer<typeof auditSchema>

/** An entry, without what its approval says. `key`: the same for the same thing, however often it is reported. */
export type AuditEvent = Pick<AuditEntry, 'at' | 'what' | 'who' | 'before' | 'after' | 'result'> & {
  readonly key: string
  readonly target?: AuditEntry['target']
}

const dayLength = 24 * 60 * 60 * 1_000

type About = Pick<Approval, 'id' | 'incident' | 'plan'>

/** The audit: what was done, and who approved it. Entries are only added, and never changed. */
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

    /**
     * Lists the entries from `since` until `until`, in order. `unreadable`: the ids of entries of those days that
     * cannot be read.
     */
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
  /** `pod`: the pod's status, its events and the verdict. `log`: the log of a build. */
  what: z.enum(['pod', 'log']),
  namespace: z.string(),
  name: z.string(),
  uid: z.string(),
  /** Redacted. Of longer content only the end. */
  content: z.string(),
})
export type Evidence = z.infer<typeof schema>

/** Characters: enough for a build's last thousand lines. `redactLong` reads more than that. */
const limit = 256 * 1_024
const listLimit = 10_000

/** Returns the last lines. A line that would be cut is left out, because half a secret cannot be recognised. */
function takeEnd(content: string): string {
  if (content.length <= limit) return content
  const end = content.slice(-limit)
  return end.slice(end.indexOf('\n') + 1)
}

/** Evidence: what an action destroys or may destroy, stored before it begins. */
export function evidenceRecords(store: Store) {
  const all: Records<Evidence> = records(store, 'evidence', { schema, version: evidenceVersion })
  return {
    /** Keeps the first evidence of an object, which shows its state before the action. */
    async keep(of: Omit<Evidence, 'version'>): Promise<void> {
      const value = { version: evidenceVersion, ...of, content: await redactLong(takeEnd(of.content)) } as const
      const id = `${of.approval} ${of.what} ${of.uid}`
      await all.change(id, (before) => (before ? undefined : { value, list: of.incident }))
    },
    of: async (incident: string): Promise<readonly Evidence[]> =>
      (await all.list(incident, listLimit)).records.map(({ value }) => value),
  }
}
