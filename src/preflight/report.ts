import type { Place, Unreadable } from './manifests/objects.ts'
import type { PullChecked } from './pull-check.ts'

/** A container that would pull the image. */
export interface ImageUser {
  readonly kind: string
  readonly namespace: string
  readonly name: string
  /** Of an image volume: `volume NAME`. */
  readonly container: string
  readonly place: Place
}

/** One image, and how its pulls would go. An image that pulls in one namespace and fails in another is two. */
export interface ImageReport {
  readonly image: string
  readonly checked: PullChecked
  /** Of the nodes that were compared: `linux/amd64`. Empty: none was. */
  readonly nodePlatforms: readonly string[]
  readonly users: readonly ImageUser[]
}

export interface PreflightReport {
  /** What fails first, then what could not be found out. */
  readonly images: readonly ImageReport[]
  /** Objects that make no pod: kind → count. */
  readonly skipped: ReadonlyMap<string, number>
  readonly unreadable: readonly Unreadable[]
  /** What concerns all images and could not be looked at, in words. */
  readonly unseen: readonly string[]
}

/** Rows that say the same of the same image become one. The worst first; among equals what more containers use. */
export function sortedReports(rows: readonly ImageReport[]): readonly ImageReport[] {
  const same = Map.groupBy(rows, (row) => JSON.stringify([row.image, ...answerOf(row.checked)]))
  const merged = [...same.values()].flatMap(([first, ...others]) => {
    if (!first) return []
    const users = [first, ...others].flatMap((it) => it.users)
    const nodePlatforms = [...new Set([first, ...others].flatMap((it) => it.nodePlatforms))]
    return [{ ...first, users, nodePlatforms }]
  })
  return merged.toSorted(
    (a, b) =>
      rankOf(a.checked) - rankOf(b.checked) || b.users.length - a.users.length || a.image.localeCompare(b.image),
  )
}

function answerOf(checked: PullChecked): readonly string[] {
  const notes = checked.notes.map(({ id }) => id)
  if (checked.status === 'fails') return ['fails', checked.diagnosis.verdict.cause, ...notes]
  return checked.status === 'unknown' ? ['unknown', checked.reason, ...notes] : ['pulls', ...notes]
}

const ranks = { fails: 0, unknown: 1, pulls: 2 } as const

/** Lower is worse. */
export function rankOf({ status, notes }: PullChecked): number {
  return ranks[status] + (notes.length > 0 ? 0 : 0.5)
}
