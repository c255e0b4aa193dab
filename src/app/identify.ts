import { WebAPIPlatformError, type WebClient } from '@slack/web-api'
import { ConfigurationError } from '../config/problems.ts'
import type { Log } from '../observability/log.ts'
import type { Identity } from '../slack/app.ts'

/** The identity of the bot token, which Slack knows. */
export interface BotIdentity {
  /** Returns the bot's ids. They are empty until Slack has answered. */
  current(): Identity
  /** Tells whether Slack has answered. */
  isKnown(): boolean
  /** Asks Slack once. Resolves also if Slack cannot be reached. Throws ConfigurationError if Slack refuses the token. */
  first(): Promise<void>
  /** Stops asking. */
  stop(): void
}

/** Milliseconds until Slack is asked again if it could not be reached. */
const retryPause = 5_000

/** Slack's errors for a token that does not work. Other errors, such as `internal_error`, say nothing about the token. */
const refusals: ReadonlySet<string> = new Set([
  ...['invalid_auth', 'not_authed', 'not_allowed_token_type', 'account_inactive', 'token_expired', 'token_revoked'],
  ...['access_denied', 'enterprise_is_restricted', 'no_permission', 'org_login_required', 'team_access_not_granted'],
])

const unknown: Identity = { team: '', botId: '', botUser: '' }

/** Asks Slack to whom the token belongs. While Slack cannot be reached, it asks again. */
export function identify(client: WebClient, log: Log): BotIdentity {
  let known: Identity | undefined
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  async function ask(): Promise<void> {
    try {
      const { team_id: team = '', bot_id: botId = '', user_id: botUser = '' } = await client.auth.test()
      known = { team, botId, botUser }
      log.info('Slack accepted the bot token', { ...known })
    } catch (error) {
      if (error instanceof WebAPIPlatformError && refusals.has(error.data.error)) throw refused(error.data.error)
      log.warn('Slack cannot be reached; retrying', { error })
      askLater()
    }
  }

  /** A refusal after the start is logged, and does not end the program. */
  function askLater(): void {
    if (stopped) return
    timer = setTimeout(async () => {
      await ask().catch((error) => {
        log.error('Slack refuses the token', { error })
        askLater()
      })
    }, retryPause)
  }

  function stop(): void {
    stopped = true
    clearTimeout(timer)
  }

  return { current: () => known ?? unknown, isKnown: () => known !== undefined, first: ask, stop }
}

function refused(error: string): ConfigurationError {
  const message = `is refused by Slack (${error}): copy the Bot User OAuth Token again, from OAuth & Permissions of the app`
  return new ConfigurationError('invalid', 'in the environment', [{ path: 'SLACK_BOT_TOKEN', message }])
}
