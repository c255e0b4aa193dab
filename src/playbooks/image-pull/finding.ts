import type { Confidence, Finding } from '../../diagnosis/cause.ts'
import type { Change } from '../../gitops/diff-of.ts'
import type { Text } from '../../text.ts'

/** One line of evidence. Its certainty is its own: a proven 404 can stand beside a likely guess. */
export interface Evidence {
  readonly says: Text
  /** Who said so, such that the reader can ask again: "registry 10.43.170.72:5000, GET …/tags/list". */
  readonly source: string
  readonly confidence: Confidence
}

/** A program and its arguments, never a shell string: one renderer quotes it. `into` is what its output is piped to. */
export interface Command {
  readonly argv: readonly string[]
  readonly into?: readonly string[]
}

export type Remedy =
  | ({ readonly kind: 'command'; readonly title: Text } & Command)
  | { readonly kind: 'link'; readonly title: Text; readonly url: string }
  | { readonly kind: 'patch'; readonly title: Text; readonly file?: string; readonly patch: string }
  /** What a person has to do or decide; no command can. */
  | {
      readonly kind: 'action'
      readonly title: Text
      /** The person is to call those who run the cluster or the network. */
      readonly escalates?: true
    }

export interface PullFinding extends Finding {
  /** A few words, for a chain and a headline: "Tag missing". */
  readonly title: string
  /** One or two sentences: what was found. */
  readonly summary: Text
  readonly because: readonly Evidence[]
  readonly remedies: readonly Remedy[]
  /** What would repair it in the workload's manifest: it becomes a remedy, with a diff where Git can be seen. */
  readonly edit?: { readonly why: Text; readonly change: Change } | undefined
  /** How to see that it is repaired. */
  readonly verify: readonly (Command | Text)[]
  /** Only from what was observed here. */
  readonly prevent: readonly Text[]
}
