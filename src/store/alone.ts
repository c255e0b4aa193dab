import type { Store } from './store.ts'

/** Milliseconds: a process that is killed is missed after so long. It is renewed long before it ends. */
const lease = { lasts: 6_000, renewed: 2_000 } as const

/** `busy`: somebody else does it, and this did nothing. */
export type Alone<T> = { readonly busy: true } | { readonly busy: false; readonly value: T }

/**
 * Does work that must not be done twice at a time, over all processes. `signal` is aborted when the lease was lost all the
 * same: the store did not answer, or this process stood still.
 */
export async function alone<T>(
  store: Pick<Store, 'lease'>,
  name: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<Alone<T>> {
  const held = await store.lease(name, lease.lasts)
  if (!held) return { busy: true }
  const lost = new AbortController()
  const timer = setInterval(async () => {
    const kept = await held.renew().catch(() => true) // an answer that is late is not a lease that is lost
    if (!kept) lost.abort(new Error(`the lease of ${name} was lost`))
  }, lease.renewed)
  try {
    return { busy: false, value: await work(lost.signal) }
  } finally {
    clearInterval(timer)
    await held.release().catch(() => undefined) // it ends by itself
  }
}
