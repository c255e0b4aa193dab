import type { Owner, Revision } from './checks/owner.ts'

/** The image of one container, before and now. */
export interface ImageChange {
  readonly container: string
  readonly imageBefore: string
  readonly imageNow: string
  /** Of the revision that brought the image of now: RFC 3339. */
  readonly when: string
  /** The field manager that set the image last, such as `argocd-controller` or `kubectl-set`. */
  readonly by: string | undefined
  /** The newest revision that had the image before, as `kubectl rollout undo --to-revision` counts. */
  readonly revisionBefore: number
  /** Whether the registry still has the image before. undefined: it could not be asked. */
  readonly stillPulls?: boolean
}

/** undefined: no revision that is still known had another image. */
export function changeOf(
  container: string,
  imageNow: string,
  revisions: readonly Revision[],
  owner: Owner | undefined,
): ImageChange | undefined {
  const images = revisions.map((it) => it.containers.find(({ name }) => name === container)?.image)
  const first = images.findIndex((image) => image !== undefined && image !== imageNow)
  const before = revisions[first]
  const imageBefore = images[first]
  // Without a newer revision of the image of now there is no telling when it came: a pod older than the last rollout.
  const brought = revisions[first - 1]
  if (!before || !imageBefore || !brought) return undefined
  return {
    container,
    imageBefore,
    imageNow,
    when: brought.since,
    by: setterOf(owner, container),
    revisionBefore: before.number,
  }
}

function setterOf(owner: Owner | undefined, container: string): string | undefined {
  const entries = owner?.workload?.metadata.managedFields ?? []
  const own = entries.filter((it) => it.fieldsV1.includes(`k:{"name":${JSON.stringify(container)}}`))
  return own.toSorted((a, b) => (a.time ?? '').localeCompare(b.time ?? '')).at(-1)?.manager
}
