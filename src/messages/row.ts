import type { Kind } from './kinds.ts'

/** What to do, with `{image} {host} {namespace} {pod} {container} {node} {owner}` where a name belongs. */
export type RowRemedy =
  | { readonly kind: 'command'; readonly title: string; readonly argv: readonly string[] }
  | { readonly kind: 'link'; readonly title: string; readonly url: string }
  | { readonly kind: 'patch'; readonly title: string; readonly file?: string; readonly patch: string }
  | { readonly kind: 'advice'; readonly title: string }

/** What a text is asked: a regular expression that needs time in proportion to the text, or a rule that compares. */
export type Pattern = Pick<RegExp, 'test'>

/** `final`: fails again until somebody changes something. `transient`: may pass by itself. */
export type Lasting = 'final' | 'transient'

/** A cause that a message alone can tell. */
export interface Row {
  /** The public id of the cause. */
  readonly id: string
  /**
   * What runtimes and kubelets say, by the kind of message it is then. Matched after the wrappers are gone, with each
   * image as `IMAGE` (`IMAGE@DIGEST` with a digest) and each URL as `URL:http` or `URL:https`, with `@BASE` for `/v2/`,
   * `@DIGEST` for a manifest by digest and `@BLOB` for a blob.
   */
  readonly says: Readonly<Partial<Record<Kind, readonly Pattern[]>>>
  /** Words that others use too: tried only where nothing else was said. */
  readonly vaguely?: Row['says']
  /** A real message, shortened: it must read back as this row. */
  readonly example: string
  readonly title: string
  readonly means: string
  readonly remedies: readonly RowRemedy[]
  readonly lasting: Lasting
  /**
   * How sure the text alone may be. `likely`: the words have other causes too. `possible`: known from a document or
   * another project's source, and never seen recorded. Absent: the kind decides.
   */
  readonly atMost?: 'likely' | 'possible'
}

export function kindsOf(row: Row): readonly Kind[] {
  return Object.keys({ ...row.says, ...row.vaguely }) as Kind[] // its keys are kinds by its type
}
