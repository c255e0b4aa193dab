/** client-go's flowcontrol.Backoff: each key waits twice as long as the time before. */
export interface Backoff {
  isWaiting(key: string, now: number): boolean
  next(key: string, now: number): number
  forget(beginning: string): void
}

export function backoff({ first, most }: { readonly first: number; readonly most: number }): Backoff {
  const entries = new Map<string, { readonly since: number; readonly wait: number }>()
  return {
    isWaiting(key, now) {
      const entry = entries.get(key)
      return entry !== undefined && now - entry.since < entry.wait
    },
    next(key, now) {
      const wait = Math.min(most, (entries.get(key)?.wait ?? first / 2) * 2)
      entries.set(key, { since: now, wait })
      return wait
    },
    forget(beginning) {
      for (const key of entries.keys()) if (key.startsWith(beginning)) entries.delete(key)
    },
  }
}
