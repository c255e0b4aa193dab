import { WebAPIPlatformError, type WebClient } from '@slack/web-api'
import { ConfigurationError } from '../config/configuration-error.ts'
import type { Log } from '../observability/log.ts'
import type { Identity } from '../slack/slack-app.ts'

/** Who the bot is. */
export interface Identified {
  /** undefined: Slack has not told yet. */
  known(): Identity | undefined
  /** Resolves after the first try, whatever came of it. Throws ConfigurationError where Slack refuses the token. */
  first(): Promise<void>
  stop(): void
}

/** Milliseconds until Slack is asked again, where it could not be reached. */
const again = 5_000

/** Asks Slack who the token is of. While it cannot be reached nothing can be told apart, and it is asked again. */
export function identify(client: WebClient, log: Log): Identified {
  let known: Identity | undefined
  let timer: NodeJS.Timeout | undefined

  async function ask(): Promise<void> {
    try {
      const { team_id: team = '', bot_id: botId = '', user_id: botUser = '' } = await client.auth.test()
      known = { team, botId, botUser }
      log.info('Slack knows the token', { ...known })
    } catch (error) {
      if (error instanceof WebAPIPlatformError && error.data.error !== 'ratelimited') throw refused(error.data.error)
      log.warn('Slack cannot be reached, and is asked again', { error })
      timer = setTimeout(
        () => void ask().catch((problem) => log.error('Slack refuses the token', { error: problem })),
        again,
      )
    }
  }

  return { known: () => known, first: ask, stop: () => clearTimeout(timer) }
}

function refused(error: string): ConfigurationError {
  const says = `is refused by Slack (${error}): copy the Bot User OAuth Token anew, under OAuth & Permissions of the app`
  return new ConfigurationError('invalid', 'in the environment', [{ path: 'SLACK_BOT_TOKEN', says }])
}
