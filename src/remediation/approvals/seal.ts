import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Secret } from '../../secret.ts'
import { canonicalHash } from '../canonical-hash.ts'
import type { Approval } from './approval.ts'

/** The sealed part of an approval: what was approved, by whom and when. The rest may change while it is executed. */
type Sealed = Pick<Approval, 'id' | 'incident' | 'plan' | 'channel' | 'decidedBy' | 'choice'>

/** Signs approvals, so that write access to the store is not enough to approve anything. */
export interface Seal {
  of(approval: Sealed): string
  fits(approval: Sealed & { readonly seal: string }): boolean
}

/** @param secret Known to every process of this program, and not stored beside the records. */
export function createSeal(secret: Secret): Seal {
  function of({ id, incident, plan, channel, decidedBy, choice }: Sealed): string {
    const { user, team, at } = decidedBy ?? {}
    // The key is derived from the bot's token.
    const key = `imagepull approval 1 ${secret.reveal()}`
    const sealed = canonicalHash([id, incident, plan, channel, [user, team, at], choice])
    return createHmac('sha256', key).update(sealed).digest('base64url')
  }

  return {
    of,
    fits(approval) {
      const [own, given] = [Buffer.from(of(approval)), Buffer.from(approval.seal)]
      return own.length === given.length && timingSafeEqual(own, given)
    },
  }
}
