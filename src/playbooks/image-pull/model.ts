import { type Confidence, causesOf, type Finding } from '../../diagnosis/cause.ts'
import type { Change } from '../../gitops/diff.ts'
import type { Kind, Place } from '../../messages/row.ts'
import type { Text } from '../../text.ts'
import type { ImageChange } from './change.ts'
import type { Impact } from './checks/owner.ts'
import type { Route } from './route.ts'

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

/** A cause that stands, with what was found. `cause` is an id of the catalogue, or `unknown`. */
export type PullVerdict = PullFinding & { readonly cause: string }

export interface ContainerDiagnosis {
  readonly container: string
  readonly image: string
  /** Where the kubelet's words say that it happened. */
  readonly at: Place
  /** The host that the node contacted, as far as those words tell. */
  readonly host?: string | undefined
  readonly verdict: PullVerdict
  readonly also: readonly PullVerdict[]
  /** The root cause first, then what it explains. */
  readonly chain: readonly PullVerdict[]
  /** Causes that could change the verdict, and what is missing to judge them. */
  readonly undetermined: readonly { readonly cause: string; readonly reason: string }[]
  /** undefined: the image is the one it always was, as far as is known. */
  readonly change: ImageChange | undefined
}

export interface Observed {
  readonly check: string
  readonly known: boolean
  readonly reason?: string
  /** Milliseconds. */
  readonly ms: number
}

export interface Subject {
  readonly cluster: string
  readonly namespace: string
  readonly pod: string
  readonly owner?: { readonly kind: string; readonly name: string }
  readonly container: string
  readonly image: string
  readonly node: string
}

/** All that a diagnosis of one pod tells. Rendering it is a pure function. */
export interface Diagnosis {
  readonly target: Subject
  readonly healthy: boolean
  /** One for each failing container, in the order they start. */
  readonly failing: readonly ContainerDiagnosis[]
  readonly observations: readonly Observed[]
  /** undefined: it could not be seen. */
  readonly impact: Impact | undefined
  readonly route: Route | undefined
  readonly note: Text | undefined
}

/** A cause of this playbook: a misspelt kind does not compile. */
export const pullCause = causesOf<Kind, PullFinding>()
