import { records } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { beginAnew } from './begin-anew.ts'
import type { SlackApi } from './slack-api.ts'
import { threadSchema, threadVersion } from './thread-record.ts'

/** undefined: its root is not there yet, or not any more, or Slack does not say. One that was deleted is posted again. */
export async function linkToThread(store: Store, slack: SlackApi, incident: string): Promise<string | undefined> {
  const threads = records(store, 'thread', { schema: threadSchema, version: threadVersion })
  const thread = await threads.find(incident)
  const ts = thread?.messages.root?.ts
  if (!thread || !ts) return undefined
  const link = await slack.permalink(thread.channel, ts)
  if (link.outcome === 'done') return link.value
  const lost = link.outcome === 'refused' && link.error === 'message_not_found'
  if (lost) await threads.change(incident, (before) => before && { value: beginAnew(before, ts) })
  return undefined
}
