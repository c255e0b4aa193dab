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

/** What an approval binds, from its offer. */
export type ApprovalOf = Pick<OfferRecord, 'incident' | 'label' | 'says' | 'plan'> & {
  readonly id: string
  readonly channel: string
}

export interface ApprovalRecords {
  /** One that cannot be read is as none: it is not done, and never overwritten. */
  read(id: string): Promise<Approval | undefined>
  /**
   * Compare-and-set of one step. Comes back with the approval as it is then stored, changed or not; undefined: there is
   * none, and the event is none that makes one. `seal` is asked for what is approved.
   */
  step(of: ApprovalOf, event: ApprovalEvent, seal: (approval: Approval) => string): Promise<Approval | undefined>
  /** Of one that is there. `edit` may run again; undefined: nothing is written. */
  change(id: string, edit: (before: Approval) => Approval | undefined): Promise<Approval | undefined>
  /** Those that have not ended, the oldest first. */
  live(): Promise<readonly Approval[]>
}

const live = 'live'
const liveLimit = 1_000

export function approvalRecords(store: Store): ApprovalRecords {
  const all = records(store, 'approval', { schema: approvalSchema, version: approvalVersion })

  const placed = (value: Approval) => ({ value, ...(!isEnded(value) && { list: live }) })

  return {
    read: all.find,
    step: (of, event, seal) =>
      all.change(of.id, (before) => {
        const known = offered(before ?? empty(of, event.at), of, event)
        const expired = approvalStep(known, { what: 'expired', at: event.at })
        const next = approvalStep(expired ?? known, event) ?? expired
        if (!next) return undefined
        return placed(isSealed(next) ? { ...next, seal: seal(next) } : next)
      }),
    change: (id, edit) =>
      all.change(id, (before) => {
        const next = before && edit(before)
        return next && placed(next)
      }),
    live: async () => (await all.list(live, liveLimit)).records.map(({ value }) => value),
  }
}

/** With a click on its own button counts what is offered now; the answer to a request is about what was asked for. */
function offered(known: Approval, { label, says, plan }: ApprovalOf, { what }: ApprovalEvent): Approval {
  return what === 'asked' || what === 'approved' ? { ...known, label, says, plan } : known
}

function isSealed({ state }: Approval): boolean {
  return state === 'approved' || state === 'executing'
}

/** As if it had been asked for once before, in vain: so that a first click is like any other. */
function empty({ id, incident, label, says, plan, channel }: ApprovalOf, at: string): Approval {
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
  /** The text of its confirmation. */
  says: z.string(),
  plan: planSchema,
  at: z.iso.datetime(),
})

/** What a button stands for. It is written once: the same id is the same plan. */
export type OfferRecord = z.infer<typeof schema>

export function offerRecords(store: Store): Records<OfferRecord> & { readonly version: typeof version } {
  return { ...records(store, 'offer', { schema, version }), version }
}
