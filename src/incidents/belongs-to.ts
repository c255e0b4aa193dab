import type { Place } from '../messages/kinds.ts'
import type { Failure } from './failure.ts'
import { possibleKeys, subjectKey } from './subject-key.ts'

/** What an incident says of itself: its key, and where the words of its first failure say that it happened. */
interface Kept {
  readonly key: string
  readonly place: Place
}

// A registry that turns a pull away and one that has no such image may be the same: 401 and 404 for what is missing.
const told: ReadonlySet<Place> = new Set(['access', 'content'])

/**
 * Whether a failure is a part of an incident, without diagnosing it: it is about the same thing, and happened in the same
 * place. Lost words join what their workload or image is known for.
 */
export function belongsTo(failure: Failure, { key, place }: Kept): boolean {
  if (key === subjectKey('workload', failure)) return true
  if (!possibleKeys(failure).includes(key)) return false
  if (failure.at === 'nowhere') return key === subjectKey('image', failure)
  return failure.at === place || (told.has(failure.at) && told.has(place))
}
