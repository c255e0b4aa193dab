import { type Reply, tooManyRequests } from './reply.ts'

/**
 * What goes wrong with a call. `before`: as if Slack never got it; `after`: Slack did it, and the caller does not learn of
 * it. `hang`: no answer ever. `reset`: the connection breaks.
 */
export type Fault =
  | { readonly kind: 'rate-limited'; readonly retryAfter: number }
  | { readonly kind: 'server-error' | 'hang' | 'reset'; readonly effect: 'before' | 'after' }
  | { readonly kind: 'refusal'; readonly error: string }

export interface Faults {
  /** The next calls of a method go wrong so. Faults of one method queue up. */
  add(method: string, fault: Fault, times: number): void
  /** Takes the fault of a call that begins. */
  next(method: string): Fault | undefined
}

export function createFaults(): Faults {
  const waiting = new Map<string, Fault[]>()
  return {
    add(method, fault, times) {
      waiting.set(method, [...(waiting.get(method) ?? []), ...Array<Fault>(times).fill(fault)])
    },
    next: (method) => waiting.get(method)?.shift(),
  }
}

const broken: Reply = { kind: 'answer', status: 500, body: 'Internal Server Error' }

/** Does a call with what goes wrong with it. `work` is what Slack does, where it does it at all. */
export function withFault(fault: Fault | undefined, work: () => Reply): Reply {
  if (!fault) return work()
  if (fault.kind === 'rate-limited') return tooManyRequests(fault.retryAfter)
  if (fault.kind === 'refusal') return { kind: 'answer', status: 200, body: { ok: false, error: fault.error } }
  if (fault.effect === 'after') work()
  return fault.kind === 'server-error' ? broken : { kind: fault.kind }
}
