import { type Logger, LogLevel } from '@slack/web-api'

/** For Slack's libraries: keeps what they log as errors, and prints nothing. */
export function quietLogger(errors: string[] = []): Logger {
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: (...words) => errors.push(words.map(String).join(' ')),
    setLevel: () => undefined,
    getLevel: () => LogLevel.ERROR,
    setName: () => undefined,
  }
}
