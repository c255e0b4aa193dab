import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startApp } from '../app.ts'
import { type Configuration, configurationSchema } from '../config/configuration.ts'
import { readRegistryFiles } from '../config/read-registry-files.ts'
import { type LogLevel, serviceSettings } from '../config/service-settings.ts'
import { demoWorkspace } from '../demo/demo-workspace.ts'
import type { Extra } from '../demo/page/create-extras.ts'
import type { Suggestion } from '../demo/page/scene.ts'
import { startDemoPage } from '../demo/page/start-demo-page.ts'
import { type Sample, startSample } from '../demo/sample/start-sample.ts'
import type { LocalSlack } from '../demo/slack/local-slack.ts'
import { startLocalSlack } from '../demo/slack/start-local-slack.ts'
import { createLog } from '../observability/log.ts'
import { shortcutCallback } from '../slack/listeners/shortcut.ts'
import { freePort } from './free-port.ts'
import { watchedClusters } from './watched-clusters.ts'
import { writableClusters } from './writable-clusters.ts'

export interface DemoOptions {
  /** Of the page. Absent: the usual one, or a free one where that is taken. */
  readonly port?: number | undefined
  /** A real cluster instead of the sample. */
  readonly kubeconfig?: string | undefined
  /** For a real cluster. Default: every setting at its default, and pull secrets are not read. */
  readonly configuration?: Configuration | undefined
  readonly logLevel: LogLevel
}

export interface Demo extends AsyncDisposable {
  /** Of the page: `http://127.0.0.1:4455` */
  readonly url: string
  readonly slack: LocalSlack
  /** Absent: a real cluster is looked at. */
  readonly sample: Sample | undefined
}

const usualPort = 4_455

/** The real bot with the embedded queue, in a local Slack with a page, beside a sample cluster or a real one. */
export async function startDemo({ port, kubeconfig, configuration, logLevel }: DemoOptions): Promise<Demo> {
  await using opened = new AsyncDisposableStack()
  const directory = await mkdtemp(join(tmpdir(), 'imagepull-demo-'))
  opened.defer(() => rm(directory, { recursive: true, force: true }))
  const sample = kubeconfig ? undefined : await startSample()
  if (sample) opened.defer(sample.stop)
  const pagePort = port ?? (await freePort(usualPort))
  const slack = opened.use(await startLocalSlack({ seed: demoWorkspace.seed, siteUrl: `http://127.0.0.1:${pagePort}` }))
  const own = withChannel(
    sample ? configurationSchema.parse(sample.configuration) : (configuration ?? configurationSchema.parse({})),
  )
  const clusters = watchedClusters({
    configuration: own,
    registryFiles: () => readRegistryFiles('', own.registries),
    kubeconfig: sample?.kubeconfig ?? kubeconfig,
    ...(sample && { resolve: sample.resolve }),
  })
  const app = await startApp(
    { settings: settingsFor(slack, directory), configuration: own },
    {
      clusters,
      writes: writableClusters(clusters, own, sample?.kubeconfig ?? kubeconfig),
      log: createLog(logLevel),
      host: '127.0.0.1',
    },
  )
  opened.defer(() => app.stop())
  slack.connectApp(`http://127.0.0.1:${app.port}/slack/events`)
  const page = opened.use(
    await startDemoPage({
      slack,
      port: pagePort,
      viewer: demoWorkspace.viewer,
      suggestions: suggestionsOf(sample),
      extras: extrasOf(sample),
      shortcuts: [{ callbackId: shortcutCallback, label: 'Why can it not pull?' }],
    }),
  )
  const closing = opened.move()
  return { url: page.url, slack, sample, [Symbol.asyncDispose]: () => closing.disposeAsync() }
}

/** The demo's own channel may ask about everything. */
function withChannel(configuration: Configuration): Configuration {
  const { channels } = configurationSchema.parse({ channels: [{ id: demoWorkspace.incidents }] })
  return { ...configuration, channels, workspaces: [] }
}

function settingsFor(slack: LocalSlack, directory: string) {
  const environment = {
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    SLACK_API_URL: slack.apiUrl,
    IMAGEPULL_DATA_DIR: directory,
    PORT: '0',
  }
  return serviceSettings(environment, 'all')
}

function suggestionsOf(sample: Sample | undefined): readonly Suggestion[] {
  const overview = {
    label: 'What is stuck?',
    text: '/imagepull',
    says: 'Everything that cannot pull now, to choose from',
  }
  const own = sample?.situations.map(({ name, target, shows }) => ({
    label: titleOf(name),
    text: `/imagepull ${target}`,
    says: shows,
  }))
  return [overview, ...(own ?? []), { label: 'Help', text: '/imagepull help', says: 'How to ask' }]
}

/** `never-built` → `Never built` */
function titleOf(name: string): string {
  const words = name.replaceAll('-', ' ').replace(/^tls/, 'TLS')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function extrasOf(sample: Sample | undefined): readonly Extra[] {
  if (!sample) return []
  return sample.situations.flatMap(({ name, repair }) =>
    repair
      ? [{ id: name, label: `Repair: ${titleOf(name).toLowerCase()}`, says: repair, run: () => sample.mend(name) }]
      : [],
  )
}
