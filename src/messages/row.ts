import type { Kind } from './kinds.ts'

/** What to do, with `{image} {host} {namespace} {pod} {container} {node} {owner}` where a name belongs. */
export type RowRemedy =
  | { readonly kind: 'command'; readonly title: string; readonly argv: readonly string[] }
  | { readonly kind: 'link'; readonly title: string; readonly url: string }
  | { readonly kind: 'patch'; readonly title: string; readonly file?: string; readonly patch: string }
  | { readonly kind: 'advice'; readonly title: string }

/** A cause that a message alone can tell. */
export interface Row {
  /** The public id of the cause. */
  readonly id: string
  /**
   * What runtimes and kubelets say, by the kind of message it is then. Matched after the wrappers are gone, with each
   * image as `IMAGE` (`IMAGE@DIGEST` with a digest) and each URL as `URL:http` or `URL:https`.
   */
  readonly says: Readonly<Partial<Record<Kind, readonly RegExp[]>>>
  /** Words that others use too: tried only where nothing else was said. */
  readonly vaguely?: Row['says']
  /** A real message, shortened: it must read back as this row. */
  readonly example: string
  readonly title: string
  readonly means: string
  readonly remedies: readonly RowRemedy[]
  /** Known from a document or another project's source, and never seen recorded: `possible` at most. */
  readonly unverified?: true
}

export function kindsOf(row: Row): readonly Kind[] {
  return Object.keys({ ...row.says, ...row.vaguely }) as Kind[] // its keys are kinds by its type
}
