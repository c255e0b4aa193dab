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
