/**
 * A time as Slack's mrkdwn writes it in the reader's own time zone. `iso`: RFC 3339.
 * https://docs.slack.dev/messaging/formatting-message-text/#date-formatting
 */
export function when(iso: string, token: '{time}' | '{time_secs}' = '{time}'): string {
  const at = new Date(iso)
  return `<!date^${Math.floor(at.getTime() / 1_000)}^${token}|${at.toISOString().slice(11, 16)} UTC>`
}
