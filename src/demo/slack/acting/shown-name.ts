import type { Channel } from '../workspace/records.ts'

/** Of what is not a public channel Slack gives the app a word instead of the name. */
export function shownName({ kind, name }: Channel): string {
  if (kind === 'dm') return 'directmessage'
  return kind === 'private' ? 'privategroup' : name
}
