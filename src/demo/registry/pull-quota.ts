/** How many manifests strangers may GET from one address; a HEAD is free: docs.docker.com/docker-hub/usage/ */
export interface PullQuota {
  /** Per address, in one window. */
  readonly limit: number
  readonly used: Map<string, number>
}

/** Counts a pull. False: the quota of that address is used up. */
export function countPull({ limit, used }: PullQuota, source: string): boolean {
  const count = used.get(source) ?? 0
  if (count >= limit) return false
  used.set(source, count + 1)
  return true
}
