import type { ClusterError } from '../kubernetes/cluster-error.ts'
import type { Located } from './located.ts'

/** What one way of looking came to. */
export interface Search {
  readonly located?: Located
  /** What could not be looked at, in words: "pods in shop". */
  readonly unseen: readonly string[]
  /** Targets that may have been meant, where nothing was located. */
  readonly candidates?: readonly string[]
  /** Nothing at all could be looked at, and this is why. */
  readonly refusal?: ClusterError
}
