import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Secret } from '../../secret.ts'
import { canonicalHash } from '../canonical-hash.ts'
import type { Approval } from './approval.ts'

/** What was approved, by whom and when: whatever else an approval says may change while it is executed. */
type Sealed = Pick<Approval, 'id' | 'incident' | 'plan' | 'channel' | 'decidedBy' | 'choice'>

/** Who can write to the store, and does not know the key, cannot approve anything. */
export interface Seal {
  of(approval: Sealed): string
  fits(approval: Sealed & { readonly seal: string }): boolean
}

/** @param secret Known to every process of this program, and kept nowhere beside the records. */
export function createSeal(secret: Secret): Seal {
  function of({ id, incident, plan, channel, decidedBy, choice }: Sealed): string {
    const { user, team, at } = decidedBy ?? {}
    // The key is the bot's token, put to another use.
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
