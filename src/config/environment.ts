import { homedir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import type { RedisSettings } from '../redis/settings.ts'
import { Secret } from '../secret.ts'
import { ConfigurationError, type ConfigurationProblem } from './problems.ts'
import { readRedisSettings } from './redis-settings.ts'

const schema = z.object({
  KUBECONFIG: z.string().optional(),
  DOCKER_CONFIG: z.string().optional(),
  IMAGEPULL_CONFIG: z.string().optional(),
  IMAGEPULL_DATA_DIR: z.string().optional(),
  SLACK_BOT_TOKEN: z.string().optional(),
  SLACK_SIGNING_SECRET: z.string().optional(),
  SLACK_APP_TOKEN: z.string().optional(),
  SLACK_API_URL: z.string().optional(),
  ALERTMANAGER_WEBHOOK_TOKEN: z.string().optional(),
  REDIS_URL: z.string().optional(),
  REDIS_PASSWORD_FILE: z.string().optional(),
  REDIS_CA_FILE: z.string().optional(),
  REDIS_CERT_FILE: z.string().optional(),
  REDIS_KEY_FILE: z.string().optional(),
  REDIS_SENTINELS: z.string().optional(),
  REDIS_SENTINEL_PASSWORD_FILE: z.string().optional(),
  REDIS_CLUSTER_NODES: z.string().optional(),
  PORT: z.string().optional(),
  LOG_LEVEL: z.string().optional(),
  HTTPS_PROXY: z.string().optional(),
  NO_PROXY: z.string().optional(),
})

/** The environment variables of imagepull, not yet validated. An empty variable counts as unset. Only this file reads them. */
export type Environment = z.infer<typeof schema>

export function readEnvironment(variables: Readonly<Record<string, string | undefined>> = process.env): Environment {
  return schema.parse(Object.fromEntries(Object.entries(variables).filter(([, value]) => value?.trim() !== '')))
}

const azureSchema = z.object({
  AZURE_TENANT_ID: z.string().optional(),
  AZURE_CLIENT_ID: z.string().optional(),
  AZURE_FEDERATED_TOKEN_FILE: z.string().optional(),
  AZURE_AUTHORITY_HOST: z.string().optional(),
})

/** What the workload identity of AKS sets in the pod: https://azure.github.io/azure-workload-identity/docs/ */
export function readAzureEnvironment(variables: Readonly<Record<string, string | undefined>> = process.env) {
  const set = azureSchema.parse(
    Object.fromEntries(Object.entries(variables).filter(([, value]) => value?.trim() !== '')),
  )
  const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_FEDERATED_TOKEN_FILE, AZURE_AUTHORITY_HOST } = set
  return {
    tenant: AZURE_TENANT_ID,
    client: AZURE_CLIENT_ID,
    tokenFile: AZURE_FEDERATED_TOKEN_FILE,
    authority: AZURE_AUTHORITY_HOST,
  }
}

/** The environment of a program that imagepull runs: all but imagepull's own secrets. */
export function programEnvironment(
  variables: Readonly<Record<string, string | undefined>> = process.env,
): Readonly<Record<string, string | undefined>> {
  const own = /^(?:SLACK_\w+|ALERTMANAGER_WEBHOOK_TOKEN|REDIS_\w+)$/
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !own.test(name)))
}

export const roles = ['all', 'web', 'worker'] as const
/** What one process does: receive requests from Slack and Alertmanager (`web`), do the work (`worker`), or both (`all`). */
export type Role = (typeof roles)[number]
export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

/** The settings that `start` takes from the environment. */
export interface ServiceSettings {
  readonly role: Role
  readonly slack: {
    readonly botToken: Secret
    /** How Slack's requests arrive, and the secret that proves that they come from Slack. */
    readonly receives:
      | { readonly by: 'http'; readonly signingSecret: Secret }
      | { readonly by: 'socket'; readonly appToken: Secret }
    /** The address of Slack's API, with `/api/`. undefined: https://slack.com/api/. */
    readonly apiUrl: string | undefined
  }
  /** Any of these is accepted. Empty: the webhook is off. */
  readonly webhookTokens: readonly Secret[]
  /** undefined: queue and store are embedded. */
  readonly redis: RedisSettings | undefined
  readonly dataDirectory: string
  readonly port: number
  /** Used for Slack only. */
  readonly proxy: { readonly url: string; readonly except: string } | undefined
  readonly logLevel: LogLevel
}

/**
 * Characters. Slack's signing secrets have 32; a short one could be guessed, and an empty one accepts everything
 * (GHSA-gxhx-2686-5h9g).
 */
const shortestSecret = 16
export const usualPort = 3_000

/** Throws ConfigurationError with every problem at once. */
export function serviceSettings(environment: Environment, role: Role): ServiceSettings {
  const problems: ConfigurationProblem[] = []
  const problem = (path: keyof Environment, message: string): void => void problems.push({ path, message })
  const { SLACK_BOT_TOKEN, SLACK_APP_TOKEN, SLACK_SIGNING_SECRET, SLACK_API_URL } = environment
  const { REDIS_URL, PORT, LOG_LEVEL, HTTPS_PROXY } = environment

  if (!SLACK_BOT_TOKEN)
    problem('SLACK_BOT_TOKEN', 'is missing: copy the Bot User OAuth Token from OAuth & Permissions of the app')
  else if (!SLACK_BOT_TOKEN.startsWith('xoxb-'))
    problem('SLACK_BOT_TOKEN', 'must be a bot token, which begins with xoxb-')
  if (SLACK_APP_TOKEN && !SLACK_APP_TOKEN.startsWith('xapp-'))
    problem(
      'SLACK_APP_TOKEN',
      'must be an app-level token, which begins with xapp- (leave it empty to receive requests over HTTP)',
    )
  if (!SLACK_APP_TOKEN && !SLACK_SIGNING_SECRET)
    problem(
      'SLACK_SIGNING_SECRET',
      'is missing: copy it from Basic Information of the app, or set SLACK_APP_TOKEN for Socket Mode',
    )
  if (!SLACK_APP_TOKEN && SLACK_SIGNING_SECRET && SLACK_SIGNING_SECRET.length < shortestSecret)
    problem('SLACK_SIGNING_SECRET', `must have at least ${shortestSecret} characters`)
  if (SLACK_API_URL && !/^https?:$/.test(URL.parse(SLACK_API_URL)?.protocol ?? ''))
    problem('SLACK_API_URL', 'must be a URL, such as https://slack.com/api/')
  const redis = readRedisSettings(environment, problem)
  if (role !== 'all' && !REDIS_URL)
    problem('REDIS_URL', `is missing: --role ${role} needs it, because only one process can use the embedded queue`)
  if (HTTPS_PROXY && !/^https?:$/.test(URL.parse(HTTPS_PROXY)?.protocol ?? ''))
    problem('HTTPS_PROXY', 'must be a URL, such as http://proxy.corp.example:3128')
  const webhookTokens = (environment.ALERTMANAGER_WEBHOOK_TOKEN ?? '').split(',').flatMap((it) => it.trim() || [])
  if (webhookTokens.some((it) => it.length < shortestSecret))
    problem(
      'ALERTMANAGER_WEBHOOK_TOKEN',
      `must have at least ${shortestSecret} characters, for each of several separated by commas`,
    )
  const port = PORT === undefined ? usualPort : Number(PORT)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) problem('PORT', 'must be a port, from 1 to 65535')
  const logLevel = logLevels.find((it) => it === (LOG_LEVEL ?? 'info').toLowerCase())
  if (!logLevel) problem('LOG_LEVEL', `must be one of ${logLevels.join(', ')}`)
  if (problems.length > 0 || !logLevel) throw new ConfigurationError('invalid', 'in the environment', problems)

  return {
    role,
    slack: {
      botToken: new Secret(SLACK_BOT_TOKEN ?? ''),
      receives: SLACK_APP_TOKEN
        ? { by: 'socket', appToken: new Secret(SLACK_APP_TOKEN) }
        : { by: 'http', signingSecret: new Secret(SLACK_SIGNING_SECRET ?? '') },
      apiUrl: SLACK_API_URL,
    },
    webhookTokens: webhookTokens.map((it) => new Secret(it)),
    redis,
    dataDirectory: environment.IMAGEPULL_DATA_DIR ?? join(homedir(), '.imagepull'),
    port,
    proxy: HTTPS_PROXY === undefined ? undefined : { url: HTTPS_PROXY, except: environment.NO_PROXY ?? '' },
    logLevel,
  }
}
