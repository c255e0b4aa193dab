import type { AnyMiddlewareArgs, Middleware } from '@slack/bolt'
import type { Log } from '../observability/log.ts'
import { within } from '../queue/within.ts'
import type { Store } from '../store/store.ts'

/** Milliseconds: twice the time in which Slack's signature counts. */
const remembered = 10 * 60_000

/** Milliseconds. Slack waits for three seconds, and a listener needs two of them to learn that the store is away. */
const patience = 500

/**
 * A request that was taken once is not taken again: Slack signs each try anew. The key holds the signature's digits alone:
 * they cover timestamp and body, so a copy with any other header is the same request. Over a socket there is no signature.
 */
export function refuseReplays(store: Store, log: Log): Middleware<AnyMiddlewareArgs> {
  return async ({ context, next, ...args }) => {
    const { signature } = context
    if (typeof signature !== 'string') return next()
    // Without the store nothing that is heard can be done, and each listener says so itself.
    const claim = store.claim(`slack request ${signature}`, remembered)
    const first = await within(patience, claim, () => true).catch(() => true)
    if (first) return next()
    log.warn('a request of Slack was sent a second time, and is passed over')
    if ('ack' in args && typeof args.ack === 'function') await args.ack()
  }
}
