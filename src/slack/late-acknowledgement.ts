import type { App } from '@slack/bolt'

/**
 * Lets the app acknowledge an event of Socket Mode after its listeners. Bolt does so before them, and Slack would not send an
 * event again that could not be written down, or that was lost with the process. Without an acknowledgement Slack sends it
 * again at once, after one minute and after five: https://docs.slack.dev/apis/events-api/#retries
 */
export function acknowledgeAfterListeners(app: Pick<App, 'processEvent'>): void {
  const processEvent = app.processEvent.bind(app)
  app.processEvent = async (event) => {
    if (event.body.type !== 'event_callback') return processEvent(event)
    await processEvent({ ...event, ack: async () => undefined })
    await event.ack()
  }
}
