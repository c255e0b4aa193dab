import { webhookRoutes } from '../alertmanager/webhook.ts'
import type { Configuration } from '../config/configuration.ts'
import type { ServiceSettings } from '../config/environment.ts'
import { incidentId } from '../incidents/records.ts'
import type { Respond } from '../slack/requests/respond.ts'
import { countIgnoredRules, toAlertRules } from './from-config.ts'
import { health, startServer } from './http.ts'
import type { Services } from './services.ts'

/** The HTTP port, and for the roles with a web part what receives Slack's requests. It is closed with its `await using`. */
export interface Web extends AsyncDisposable {
  readonly port: number
  /** Begins to receive Slack's requests. Over HTTP, the port already does. */
  connect(): Promise<void>
}

export interface WebOptions {
  readonly configuration: Configuration
  readonly settings: ServiceSettings
  /** Default: every address. */
  readonly host: string | undefined
  /** Shows a message to the person who asked. */
  readonly respond: Respond
}

/** Milliseconds that running requests get at the end. */
const closingTime = 5_000

/** Starts the HTTP server. A worker only answers health checks and metrics. */
export async function startWeb(services: Services, options: WebOptions): Promise<Web> {
  const { store, queue, identity, metrics, log } = services
  const { settings, host } = options
  const { webhooks, slackApp } = settings.role === 'worker' ? {} : await createReceivers(services, options)
  const server = await startServer({
    port: settings.port,
    host,
    routes: { ...health({ store, queue, slack: identity.isKnown, metrics }), ...webhooks },
    slack: slackApp?.http,
    log,
  })
  return {
    port: server.port,
    connect: async () => slackApp?.start(),
    async [Symbol.asyncDispose]() {
      await slackApp?.stop(closingTime)
      await server.stop(closingTime)
    },
  }
}

/** Makes what takes alerts and Slack's requests. */
async function createReceivers(services: Services, { configuration, settings, respond }: WebOptions) {
  const { store, queue, incidents, intake, remediation, slack, identity, places, people, metrics, log, now } = services
  const rules = toAlertRules(configuration)
  const onIgnored = countIgnoredRules(metrics.turnedAway, log)
  const webhooks = webhookRoutes({
    intake,
    tokens: settings.webhookTokens,
    rules,
    counted: metrics.webhook,
    turnedAway: onIgnored,
    now,
    warn: log.warn,
  })
  const { createSlackApp } = await import('../slack/app.ts') // Bolt takes 20 MB, and a worker does not need it
  const slackApp = createSlackApp({
    botToken: settings.slack.botToken,
    receives: settings.slack.receives,
    apiUrl: settings.slack.apiUrl,
    identity: identity.current,
    respond,
    listeners: {
      store,
      queue,
      records: incidents,
      intake,
      slack,
      places,
      people,
      decide: remediation.decide,
      command: '/imagepull',
      alertPosts: {
        rules,
        posters: new Set(configuration.alerts.posters),
        own: () => identity.current().botId,
        turnedAway: onIgnored,
      },
      now,
      newId: incidentId,
      warn: log.warn,
    },
    log,
  })
  return { webhooks, slackApp }
}
