import type { Scope } from '../scope.ts'
import { scopeOf } from '../scope-of.ts'
import type { Channel } from '../workspace/records.ts'

/** What an app needs to be told of an event. https://docs.slack.dev/reference/events */
export function eventScope(type: string, { kind }: Channel): Scope {
  if (type === 'message') return scopeOf(kind, 'history')
  if (type === 'app_mention') return 'app_mentions:read'
  return type.startsWith('reaction_') ? 'reactions:read' : scopeOf(kind, 'read')
}
