import type { Fault } from './faults.ts'
import type { Reply } from './reply.ts'
import { tooManyRequests } from './too-many-requests.ts'

const broken: Reply = { kind: 'answer', status: 500, body: 'Internal Server Error' }

/** Does a call with what goes wrong with it. `work` is what Slack does, where it does it at all. */
export function withFault(fault: Fault | undefined, work: () => Reply): Reply {
  if (!fault) return work()
  if (fault.kind === 'rate-limited') return tooManyRequests(fault.retryAfter)
  if (fault.kind === 'refusal') return { kind: 'answer', status: 200, body: { ok: false, error: fault.error } }
  if (fault.effect === 'after') work()
  return fault.kind === 'server-error' ? broken : { kind: fault.kind }
}
