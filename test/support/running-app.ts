import { setTimeout as sleep } from 'node:timers/promises'
import { stringify } from 'yaml'
import { watchedClusters, writableClusters } from '../../src/app/clusters.ts'
import { type AppWorld, startApp } from '../../src/app/start.ts'
import { type Role, serviceSettings } from '../../src/config/environment.ts'
import { readConfiguration } from '../../src/config/read-configuration.ts'
import { createLog } from '../../src/observability/log.ts'
import type { Resolve } from '../../src/registry/http/guarded-http.ts'
import { temporaryFile } from '../../src/simulator/cluster/memory-cluster.ts'
import type { LocalSlack } from '../../src/simulator/slack/local-slack.ts'
import { preparedDirectory } from './prepared-directory.ts'
import { slackWorkspace } from './slack-workspace.ts'
import { temporaryFolder } from './temporary-folder.ts'

export interface AppOptions {
  readonly slack: Pick<LocalSlack, 'botToken' | 'apiUrl' | 'signingSecret' | 'appToken' | 'connectApp'>
  readonly kubeconfig: string
  /** Absent: embedded. */
  readonly redisUrl?: string
  /** Of an embedded store, which outlives the program. Default: one that is removed at its end. */
  readonly dataDirectory?: string
  /** Default: HTTP. */
  readonly socket?: boolean
  readonly role?: Role
  /** Added to a configuration in which #incidents may ask. */
  readonly configuration?: object
  readonly log?: (line: string) => void
  /** Milliseconds after which a worker that is killed is missed. */
  readonly lock?: number
  /** How long what heals, and what is being done, is waited for. */
  readonly timing?: AppWorld['timing']
  /** Default: the system's. */
  readonly resolve?: Resolve
  /** Default: a free one. */
  readonly port?: number
  /** Default: the system's clock. */
  readonly now?: () => Date
}

/** What the webhook takes. */
export const webhookToken = 'a-token-for-alertmanager'

export interface RunningApp extends AsyncDisposable {
  readonly port: number
  stop(): Promise<void>
}

/** Milliseconds: a tenth of what Slack takes, so that tests do not wait. */
const pace = { post: 60, edit: 60 }

/** The whole program against a local Slack and a kubeconfig; gone with its `await using`. */
export async function runningApp({
  slack,
  kubeconfig,
  redisUrl,
  dataDirectory,
  socket,
  role,
  configuration,
  log,
  lock,
  timing,
  resolve,
  port = 0,
  now,
}: AppOptions): Promise<RunningApp> {
  const folder = redisUrl || dataDirectory ? temporaryFolder() : await preparedDirectory()
  const settings = serviceSettings(
    {
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_API_URL: slack.apiUrl,
      SLACK_SIGNING_SECRET: slack.signingSecret,
      ...(socket && { SLACK_APP_TOKEN: slack.appToken }),
      ...(redisUrl && { REDIS_URL: redisUrl }),
      IMAGEPULL_DATA_DIR: dataDirectory ?? folder.path,
      PORT: String(port),
      ALERTMANAGER_WEBHOOK_TOKEN: webhookToken,
    },
    role ?? 'all',
  )
  using file = temporaryFile(
    stringify({
      // Nothing is to be contacted: the cluster's words alone decide.
      registries: [{ host: 'registry.test:5000', access: 'none' }],
      channels: [{ id: slackWorkspace.incidents }],
      ...configuration,
    }),
  )
  const read = readConfiguration(file.path)
  const clusters = watchedClusters({
    configuration: read,
    registryFiles: () => [],
    kubeconfig,
    ...(resolve && { resolve }),
  })
  const lines = { write: (line: string) => log?.(line) }
  const world = {
    clusters,
    writes: writableClusters(clusters, read, kubeconfig),
    ...(timing && { timing }),
    ...(now && { now }),
    host: '127.0.0.1',
    pace,
    settle: 300,
    log: createLog(log ? 'debug' : 'silent', lines),
    ...(lock && { queueTiming: { lock, pause: 200 } }),
  }
  const app = await startApp({ settings, configuration: read }, world)
  if (!socket && role !== 'worker') slack.connectApp(`http://127.0.0.1:${app.port}/slack/events`)
  let stopped: Promise<void> | undefined
  const stop = (): Promise<void> => {
    stopped ??= app.stop().finally(() => folder[Symbol.dispose]())
    return stopped
  }
  return { port: app.port, stop, [Symbol.asyncDispose]: stop }
}

/** Resolves with what `look` returns as soon as it is neither undefined nor false. */
export async function until<T>(what: string, look: () => T | undefined | false, seconds = 90): Promise<T> {
  const end = Date.now() + seconds * 1_000
  while (Date.now() < end) {
    const seen = look()
    if (seen !== undefined && seen !== false) return seen
    await sleep(20)
  }
  throw new Error(`${seconds} s passed without: ${what}`)
}
