import type { Pace } from './thread-world.ts'

/**
 * What Slack takes: one post a second in a channel, and some fifty edits a minute in a workspace.
 * https://docs.slack.dev/apis/web-api/rate-limits/
 */
export const slackPace: Pace = { post: 1_000, edit: 1_200 }
