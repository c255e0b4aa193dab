import type { Store } from './store.ts'

/** Milliseconds. A killed process holds its lease until it ends; a running one renews it long before. */
const lease = { lasts: 6_000, renewed: 2_000 } as const

/** `busy`: another process holds the lease, so nothing was done. */
export type LeaseResult<T> = { readonly busy: true } | { readonly busy: false; readonly value: T }

/**
 * Does work that must run only once at a time over all processes. @param work Its `signal` is aborted if the lease is
 * lost, because the store did not answer or this process stood still.
 */
export async function withLease<T>(
  store: Pick<Store, 'lease'>,
  name: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<LeaseResult<T>> {
  let asked = performance.now()
  const held = await store.lease(name, lease.lasts)
  if (!held) return { busy: true }
  const lost = new AbortController()
  const lose = (): void => lost.abort(new Error(`the lease of ${name} was lost`))
  const untilEnd = (): NodeJS.Timeout => setTimeout(lose, asked + lease.lasts - performance.now())
  let end = untilEnd()

  /**
   * A failed renewal may have taken effect or not. So the lease counts until its time is over, from when it was
   * requested.
   */
  async function renew(): Promise<void> {
    const now = performance.now()
    const kept = await held?.renew().catch(() => undefined)
    if (kept === false) lose()
    if (!kept || lost.signal.aborted) return
    asked = now
    clearTimeout(end)
    end = untilEnd()
  }

  const timer = setInterval(renew, lease.renewed)
  try {
    return { busy: false, value: await work(lost.signal) }
  } finally {
    clearInterval(timer)
    clearTimeout(end)
    await held.release().catch(() => undefined) // it ends by itself
  }
}
