import type { Place } from '../../messages/kinds.ts'
import type { Text } from '../../text.ts'
import type { Change } from './change.ts'
import type { Impact } from './checks/impact.ts'
import type { PullFinding } from './finding.ts'
import type { Route } from './route.ts'

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
  readonly change: Change | undefined
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
