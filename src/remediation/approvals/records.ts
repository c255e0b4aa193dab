import { z } from 'zod'
import { type Records, records } from '../../store/records.ts'
import type { Store } from '../../store/store.ts'
import {
  type Approval,
  type ApprovalEvent,
  approvalSchema,
  approvalStep,
  approvalVersion,
  expiryFrom,
  isEnded,
  planSchema,
} from './approval.ts'
import type { Seal } from './seal.ts'

/** The part of an offer that its approval binds. */
export type ApprovalOf = Pick<OfferRecord, 'incident' | 'label' | 'says' | 'plan'> & {
  readonly id: string
  readonly channel: string
}

/** The stored approvals. An approval that cannot be read counts as absent: it is not executed, and never overwritten. */
export interface ApprovalRecords {
  read(id: string): Promise<Approval | undefined>
  /**
   * Applies one event with compare-and-set, and seals what is approved. Returns the approval as it is then stored, changed or
   * not. undefined: there is none, and the event does not create one.
   */
  step(of: ApprovalOf, event: ApprovalEvent): Promise<Approval | undefined>
  /** Changes an existing approval. `edit` may run again; if it returns undefined, nothing is written. */
  change(id: string, edit: (before: Approval) => Approval | undefined): Promise<Approval | undefined>
  /** Lists the approvals that have not ended, the oldest first. */
  live(): Promise<readonly Approval[]>
  /** Tells whether this program sealed the approval. */
  hasValidSeal(approval: Approval): boolean
}

const live = 'live'
const liveLimit = 1_000

export function approvalRecords(store: Store, seal: Seal): ApprovalRecords {
  const all = records(store, 'approval', { schema: approvalSchema, version: approvalVersion })

  const placed = (value: Approval) => ({ value, ...(!isEnded(value) && { list: live }) })

  return {
    read: all.find,
    step: (of, event) =>
      all.change(of.id, (before) => {
        const known = offered(before ?? emptyApproval(of, event.at), of, event)
        const expired = approvalStep(known, { what: 'expired', at: event.at })
        const next = approvalStep(expired ?? known, event) ?? expired
        if (!next) return undefined
        return placed(isSealed(next) ? { ...next, seal: seal.of(next) } : next)
      }),
    change: (id, edit) =>
      all.change(id, (before) => {
        const next = before && edit(before)
        return next && placed(next)
      }),
    live: async () => (await all.list(live, liveLimit)).records.map(({ value }) => value),
    hasValidSeal: seal.fits,
  }
}

/** A click on the action's own button approves what is offered now. The answer to a request is about what was requested. */
function offered(known: Approval, { label, says, plan }: ApprovalOf, { what }: ApprovalEvent): Approval {
  return what === 'asked' || what === 'approved' ? { ...known, label, says, plan } : known
}

function isSealed({ state }: Approval): boolean {
  return state === 'approved' || state === 'executing'
}

/** Makes an approval that has already expired, so that a first click is handled like any other. */
function emptyApproval({ id, incident, label, says, plan, channel }: ApprovalOf, at: string): Approval {
  return {
    version: approvalVersion,
    ...{ id, incident, label, says, plan, channel },
    state: 'expired',
    expiresAt: expiryFrom(at),
    seal: '',
    event: '',
    choice: {},
    steps: [],
  }
}

const version = 1

const schema = z.object({
  version: z.literal(version),
  incident: z.string(),
  /** `Rerun build` */
  label: z.string(),
  /** The text of the confirmation. */
  says: z.string(),
  plan: planSchema,
  at: z.iso.datetime(),
})

/** What a button stands for. The same id always stands for the same plan. */
export type OfferRecord = z.infer<typeof schema>

export function offerRecords(store: Store): Records<OfferRecord> & { readonly version: typeof version } {
  return { ...records(store, 'offer', { schema, version }), version }
}
