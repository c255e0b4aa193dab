import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { vi } from 'vitest'
import { stringify } from 'yaml'
import { main } from '../../src/cli/main.ts'
import type { Rule } from '../../src/simulator/cluster/api/address.ts'
import { temporaryFile } from '../../src/simulator/cluster/memory-cluster.ts'
import { listen } from '../../src/simulator/listen.ts'
import { registryListener, sampleRegistry } from '../../src/simulator/registry/server.ts'
import { addImage, registryStorage } from '../../src/simulator/registry/storage.ts'
import type { Scope } from '../../src/simulator/slack/platform.ts'
import { startLocalSlack } from '../../src/simulator/slack/start.ts'
import { redisServer } from './redis-server.ts'
import { servedCluster } from './served-cluster.ts'
import { slackWorkspace } from './slack-workspace.ts'

/** What is not as it should be. Absent: all is well. */
export interface Given {
  readonly environment?: Readonly<Record<string, string>>
  /** Added to one in which #incidents may ask. */
  readonly configuration?: object
  /** The whole text of the configuration file. */
  readonly file?: string
  readonly scopes?: readonly Scope[]
  readonly forbid?: readonly Rule[]
  /** Options of its server, or that there is none. */
  readonly redis?: readonly string[] | 'none'
}

interface Examined {
  readonly code: number
  /** Of standard output. */
  readonly lines: readonly string[]
  /** Those that are not good news. */
  readonly problems: readonly string[]
  /** Of standard error. */
  readonly errors: string
}

/** What `imagepull doctor` says of a local Slack, a cluster in memory, a registry and a Redis, as they are given. */
export async function examined(given: Given): Promise<Examined> {
  await using stack = new AsyncDisposableStack()
  const { seed, bot } = slackWorkspace
  const partners = { id: 'C0PARTNERS', name: 'partners', members: [bot], isExtShared: true }
  const channels = [...seed.channels, partners]
  const { scopes, forbid = [], redis = [] } = given
  const slack = stack.use(await startLocalSlack({ seed: { ...seed, channels }, ...(scopes && { scopes }) }))
  const { kubeconfig } = stack.use(await servedCluster([], { forbid }))
  const server = redis === 'none' ? undefined : stack.use(await redisServer(...redis))
  const storage = registryStorage()
  addImage(storage, { repository: 'web', tags: ['1'] })
  const registry = await listen(registryListener(sampleRegistry(storage)))
  stack.defer(registry.close)
  const configuration = {
    channels: [{ id: slackWorkspace.incidents }],
    registries: [{ host: `127.0.0.1:${registry.port}`, plainHttp: true }],
    ...given.configuration,
  }
  const file = stack.use(temporaryFile(given.file ?? stringify(configuration)))
  return await run({
    ...none,
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    SLACK_API_URL: slack.apiUrl,
    REDIS_URL: server?.url ?? '',
    IMAGEPULL_CONFIG: file.path,
    KUBECONFIG: kubeconfig,
    ...given.environment,
  })
}

/** Whatever the machine has set. */
const none = {
  SLACK_APP_TOKEN: '',
  ALERTMANAGER_WEBHOOK_TOKEN: '',
  IMAGEPULL_DATA_DIR: '',
  PORT: '',
  LOG_LEVEL: '',
  HTTPS_PROXY: '',
}

async function run(environment: Readonly<Record<string, string>>): Promise<Examined> {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
  const [output, errors] = [new PassThrough(), new PassThrough()]
  try {
    const code = await main(['doctor'], { input: new PassThrough(), output, errors })
    output.end()
    errors.end()
    const lines = (await text(output)).split('\n').filter((line) => line !== '')
    return { code, lines, problems: lines.filter((line) => !line.startsWith('✓')), errors: await text(errors) }
  } finally {
    vi.unstubAllEnvs()
  }
}
