import type { Failure } from './failure.ts'

export interface FailureRow {
  readonly host: string
  readonly image: string
  readonly pods: number
  readonly workloads: number
  /** One of them, to be asked about. */
  readonly target: string
}

/** By registry and image, never by pod; the most pods first. */
export function rowsOf(failures: readonly Failure[]): readonly FailureRow[] {
  const groups = Map.groupBy(failures, ({ host, image }) => JSON.stringify([host, image]))
  const rows = [...groups.values()].flatMap(([first, ...others]) => {
    if (!first) return []
    const workloads = new Set([first, ...others].map(({ workload }) => workload.key)).size
    const { host, image, namespace, pod } = first
    return [{ host, image, pods: others.length + 1, workloads, target: `${namespace}/${pod}` }]
  })
  return rows.toSorted((a, b) => b.pods - a.pods)
}
