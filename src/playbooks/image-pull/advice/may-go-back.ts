import type { Place } from '../../../messages/kinds.ts'
import type { Change } from '../change.ts'
import { referenceOf } from '../reference-of.ts'

/** Causes that pass by themselves: there is nothing to go back from. */
const passing: ReadonlySet<string> = new Set(['stale-backoff', 'build-running', 'pull-stalled', 'pulls-throttled'])

/** Whether the image before would be pulled where the image of now is not. `at`: where the failure happened. */
export function mayGoBack(cause: string, change: Change | undefined, at: Place): change is Change {
  return change?.stillPulls === true && !passing.has(cause) && !meetsTheSame(change, at)
}

/** The way to the same registry is no better for another image of it. */
function meetsTheSame({ imageBefore, imageNow }: Change, at: Place): boolean {
  if (at === 'node') return true
  return (at === 'way' || at === 'limit') && referenceOf(imageBefore)?.host === referenceOf(imageNow)?.host
}
