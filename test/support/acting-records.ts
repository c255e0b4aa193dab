import { setTimeout as sleep } from 'node:timers/promises'
import { incidentRecords } from '../../src/incidents/records.ts'
import { type Approval, approvalSchema } from '../../src/remediation/approvals/approval.ts'
import { type AuditEntry, auditRecords, type Evidence, evidenceRecords } from '../../src/remediation/execution/audit.ts'
import { openStore } from '../../src/store/open.ts'
import type { Store } from '../../src/store/store.ts'
import type { Acting } from './acting.ts'
import { redisAt } from './redis-at.ts'

/** What the program has written down, read and changed from outside; gone with its `await using`. */
export interface ActingRecords extends AsyncDisposable {
  readonly store: Store
  approval(id: string): Promise<Approval | undefined>
  /** Looks at it again and again until it is so. */
  until(id: string, fits: (approval: Approval) => boolean): Promise<Approval>
  /** By somebody who can write to the store, and knows nothing else. */
  forge(id: string, change: (before: Approval) => unknown): Promise<void>
  /** The incident loses what it knows of actions, once it knows of one: as if its process had been late. */
  forget(incident: string): Promise<void>
  audit(): Promise<readonly AuditEntry[]>
  evidence(incident: string): Promise<readonly Evidence[]>
}

const day = 24 * 60 * 60 * 1_000

export async function actingRecords({ redisUrl }: Pick<Acting, 'redisUrl'>): Promise<ActingRecords> {
  const { store, close } = await openStore({
    redis: redisAt(redisUrl ?? ''),
    dataDirectory: '',
    keep: day,
    onError: () => undefined,
  })

  async function approval(id: string): Promise<Approval | undefined> {
    const stored = await store.read('approval', id)
    return stored && approvalSchema.parse(stored.value)
  }

  async function until(id: string, fits: (approval: Approval) => boolean): Promise<Approval> {
    const end = Date.now() + 90_000
    for (;;) {
      const found = await approval(id)
      if (found && fits(found)) return found
      if (Date.now() > end) throw new Error(`after 90 s the approval is ${JSON.stringify(found)}`)
      await sleep(5)
    }
  }

  return {
    ...{ store, approval, until },
    async forge(id, change) {
      const stored = await store.read('approval', id)
      if (!stored) throw new Error(`no approval ${id}`)
      const value = change(approvalSchema.parse(stored.value))
      if (!(await store.write('approval', id, value, { revision: stored.revision, list: 'live' })))
        throw new Error('another writer was first')
    },
    async forget(id) {
      const { read, change } = incidentRecords(store)
      while (((await read(id))?.actions.length ?? 0) === 0) await sleep(5)
      await change(id, (before) => ({ ...before, actions: [] }))
    },
    audit: async () =>
      (await auditRecords(store).between(new Date(Date.now() - day), new Date(Date.now() + day))).entries,
    evidence: evidenceRecords(store).of,
    [Symbol.asyncDispose]: close,
  }
}
