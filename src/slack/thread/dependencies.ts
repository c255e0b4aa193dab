import type { Incident } from '../../incidents/incident.ts'
import type { IncidentRecords } from '../../incidents/records.ts'
import type { Queue } from '../../queue/queue.ts'
import type { Store } from '../../store/store.ts'
import type { SlackApi } from '../api.ts'
import type { ChannelKnowledge, ThreadProblem } from '../channel-cache.ts'

/** Milliseconds between two posts in a channel, and between two edits in a workspace. */
export interface Pace {
  readonly post: number
  readonly edit: number
}

/** What keeping threads as they should be needs of the rest of the program. */
export interface ThreadWorld {
  readonly slack: SlackApi
  readonly incidents: IncidentRecords
  readonly store: Store
  readonly queue: Pick<Queue, 'add'>
  readonly now: () => Date
  /** Unguessable, and never the same twice. */
  readonly nonce: () => string
  readonly channels: ChannelKnowledge
  readonly pace: Pace
  /** Tells those who wait for it that nothing can be posted, and why. */
  tellAskers(subject: Pick<Incident, 'id' | 'askers'>, problem: ThreadProblem): Promise<void>
  readonly warn: (message: string, fields: Readonly<Record<string, unknown>>) => void
}

/**
 * What Slack takes: one post a second in a channel, and some fifty edits a minute in a workspace.
 * https://docs.slack.dev/apis/web-api/rate-limits/
 */
export const slackPace: Pace = { post: 1_000, edit: 1_200 }
