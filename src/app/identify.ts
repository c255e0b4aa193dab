import { WebAPIPlatformError, type WebClient } from '@slack/web-api'
import { ConfigurationError } from '../config/problems.ts'
import type { Log } from '../observability/log.ts'
import type { Identity } from '../slack/app.ts'

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

/** What Slack says of a token that will not do. Anything else, such as `internal_error`, says nothing about it. */
const refusals: ReadonlySet<string> = new Set([
  ...['invalid_auth', 'not_authed', 'not_allowed_token_type', 'account_inactive', 'token_expired', 'token_revoked'],
  ...['access_denied', 'enterprise_is_restricted', 'no_permission', 'org_login_required', 'team_access_not_granted'],
])

/** Asks Slack who the token is of. While it cannot be reached nothing can be told apart, and it is asked again. */
export function identify(client: WebClient, log: Log): Identified {
  let known: Identity | undefined
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  async function ask(): Promise<void> {
    try {
      const { team_id: team = '', bot_id: botId = '', user_id: botUser = '' } = await client.auth.test()
      known = { team, botId, botUser }
      log.info('Slack knows the token', { ...known })
    } catch (error) {
      if (error instanceof WebAPIPlatformError && refusals.has(error.data.error)) throw refused(error.data.error)
      log.warn('Slack cannot be reached, and is asked again', { error })
      askLater()
    }
  }

  /** The token was good, or nobody knows: a refusal is told, and does not end what runs. */
  function askLater(): void {
    if (stopped) return
    timer = setTimeout(async () => {
      await ask().catch((error) => {
        log.error('Slack refuses the token', { error })
        askLater()
      })
    }, again)
  }

  function stop(): void {
    stopped = true
    clearTimeout(timer)
  }

  return { known: () => known, first: ask, stop }
}

function refused(error: string): ConfigurationError {
  const message = `is refused by Slack (${error}): copy the Bot User OAuth Token again, from OAuth & Permissions of the app`
  return new ConfigurationError('invalid', 'in the environment', [{ path: 'SLACK_BOT_TOKEN', message }])
}
