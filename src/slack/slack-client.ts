import { type Logger, LogLevel, WebClient } from '@slack/web-api'
import type { Secret } from '../secret.ts'

/** Milliseconds. */
const timeout = 10_000

/** Neither waits nor tries again by itself: the queue does, without holding a worker. */
export function slackClient(token: Secret, apiUrl: string | undefined): WebClient {
  return new WebClient(token.reveal(), {
    ...(apiUrl && { slackApiUrl: apiUrl }),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout,
    logger: silent,
  })
}

/** What it would say is told by the outcome of each call. */
const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
}
