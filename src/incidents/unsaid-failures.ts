import type { Failure } from './failure.ts'
import type { Incident } from './incident.ts'
import type { Sight } from './see.ts'

/** A pull that hangs, or an image that cannot run: a check found it, and a pod's status alone never tells. */
export function unsaidFailures(
  { state, healing, subject }: Pick<Incident, 'state' | 'healing' | 'subject'>,
  { failures, unready }: Pick<Sight, 'failures' | 'unready'>,
): readonly Failure[] {
  const found = state === 'open' && healing === undefined && subject.at === 'nowhere' && unready.has(subject.uid)
  return found && !failures.some(({ uid }) => uid === subject.uid) ? [subject] : []
}
