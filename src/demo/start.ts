import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { watchedClusters, writableClusters } from '../app/clusters.ts'
import { type AppWorld, startApp } from '../app/start.ts'
import { type Configuration, configurationSchema } from '../config/configuration.ts'
import { type LogLevel, serviceSettings } from '../config/environment.ts'
import { readRegistryFiles } from '../config/registry-files.ts'
import { createLog } from '../observability/log.ts'
import { freePort } from '../simulator/listen.ts'
import type { LocalSlack } from '../simulator/slack/local-slack.ts'
import { startLocalSlack } from '../simulator/slack/start.ts'
import { shortcutCallback } from '../slack/listeners/entry.ts'
import type { Extra } from './page/extras.ts'
import type { Suggestion } from './page/scene.ts'
import { startDemoPage } from './page/server.ts'
import { type StormPod, tellAlerts } from './sample/storm.ts'
import { type Sample, startSample } from './sample/world.ts'
import { demoWorkspace } from './workspace.ts'

export interface DemoOptions {
  /** The port of the page. Default: 4455, or a free one if that is taken. */
  readonly port?: number | undefined
  /** A real cluster instead of the sample. */
  readonly kubeconfig?: string | undefined
  /** For a real cluster. Default: every setting at its default, and pull secrets are not read. */
  readonly configuration?: Configuration | undefined
  readonly logLevel: LogLevel
  /** Default: the bot's own, as in production. */
  readonly timing?: AppWorld['timing']
}

export interface Demo extends AsyncDisposable {
  /** Of the page: `http://127.0.0.1:4455` */
  readonly url: string
  readonly slack: LocalSlack
  /** Absent: the demo shows a real cluster. */
  readonly sample: Sample | undefined
  /** The extra actions of the page. */
  readonly extras: readonly Extra[]
}

const usualPort = 4_455

/** Starts the real bot with the embedded queue, a local Slack with a page, and a sample or real cluster. */
export async function startDemo({ port, kubeconfig, configuration, logLevel, timing }: DemoOptions): Promise<Demo> {
  await using opened = new AsyncDisposableStack()
  const directory = await mkdtemp(join(tmpdir(), 'imagepull-demo-'))
  opened.defer(() => rm(directory, { recursive: true, force: true }))
  const sample = kubeconfig ? undefined : await startSample()
  if (sample) opened.defer(sample.stop)
  const pagePort = port ?? (await freePort(usualPort))
  const slack = opened.use(await startLocalSlack({ seed: demoWorkspace.seed, siteUrl: `http://127.0.0.1:${pagePort}` }))
  const token = randomBytes(24).toString('hex')
  const own = sample ? ofSample(sample) : ofRealCluster(configuration ?? configurationSchema.parse({}))
  const clusters = watchedClusters({
    configuration: own,
    registryFiles: () => readRegistryFiles('', own.registries),
    kubeconfig: sample?.kubeconfig ?? kubeconfig,
    ...(sample && { resolve: sample.resolve }),
  })
  const app = await startApp(
    { settings: settingsFor(slack, directory, token), configuration: own },
    {
      clusters,
      writes: writableClusters(clusters, own, sample?.kubeconfig ?? kubeconfig),
      log: createLog(logLevel),
      host: '127.0.0.1',
      ...(timing && { timing }),
    },
  )
  opened.defer(() => app.stop())
  slack.connectApp(`http://127.0.0.1:${app.port}/slack/events`)
  const extras = demoExtras(sample, (pods, status) => tellAlerts({ port: app.port, token }, pods, status))
  const page = opened.use(
    await startDemoPage({
      slack,
      port: pagePort,
      viewer: demoWorkspace.viewer,
      suggestions: demoSuggestions(sample),
      extras,
      shortcuts: [{ callbackId: shortcutCallback, label: "Why can't it pull?" }],
    }),
  )
  const closing = opened.move()
  return { url: page.url, slack, sample, extras, [Symbol.asyncDispose]: () => closing.disposeAsync() }
}

/** Makes the configuration for the sample: short times, and every button is permitted. */
function ofSample({ configuration }: Sample): Configuration {
  const { incidents, viewer } = demoWorkspace
  const everywhere = { clusters: ['*'], namespaces: ['*'] }
  return configurationSchema.parse({
    ...configuration,
    incidents: { grace: '5s' },
    channels: [{ id: incidents, may: ['commands', 'alerts', 'actions'] }],
    permissions: [{ action: '*', ...everywhere, users: [viewer] }],
    escalation: { group: demoWorkspace.oncall },
  })
}

/** Makes the configuration for a real cluster: the demo's channel may ask about everything and change nothing. */
function ofRealCluster(configuration: Configuration): Configuration {
  const { channels } = configurationSchema.parse({ channels: [{ id: demoWorkspace.incidents }] })
  return { ...configuration, channels, workspaces: [], permissions: [] }
}

function settingsFor(slack: LocalSlack, directory: string, token: string) {
  const environment = {
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    SLACK_API_URL: slack.apiUrl,
    ALERTMANAGER_WEBHOOK_TOKEN: token,
    IMAGEPULL_DATA_DIR: directory,
    PORT: '0',
  }
  return serviceSettings(environment, 'all')
}

/** Sends alerts about pods. */
type Tell = (pods: readonly StormPod[], status: 'firing' | 'resolved') => Promise<void>

/** The extra actions of the sample: a storm of alerts, and repairs. */
function demoExtras(sample: Sample | undefined, tell: Tell): readonly Extra[] {
  if (!sample) return []
  let stuck: readonly StormPod[] = []
  const storm: readonly Extra[] = [
    {
      id: 'storm',
      label: 'Alert storm',
      description: 'Alertmanager sends 300 alerts of three causes, which become three threads',
      async run() {
        stuck = await sample.storm.begin()
        await tell(stuck, 'firing')
      },
    },
    {
      id: 'storm-end',
      label: 'Repair: alert storm',
      description: 'The registry is scaled up, the tag pushed and the pull secret created',
      async run() {
        await sample.storm.end()
        await tell(stuck, 'resolved')
      },
    },
  ]
  const repairs = sample.situations.flatMap(({ name, repair }) =>
    repair
      ? [
          {
            id: name,
            label: `Repair: ${situationTitle(name).toLowerCase()}`,
            description: repair,
            run: () => sample.mend(name),
          },
        ]
      : [],
  )
  return [...storm, ...repairs]
}

/** The suggestions of the page. Without a sample: suggestions for any cluster. */
function demoSuggestions(sample: Sample | undefined): readonly Suggestion[] {
  const overview = {
    label: 'What is stuck?',
    text: '/imagepull',
    description: 'Lists all failing image pulls, to choose from',
  }
  const own = sample?.situations.map(({ name, target, shows }) => ({
    label: situationTitle(name),
    text: `/imagepull ${target}`,
    description: shows,
  }))
  return [overview, ...(own ?? []), { label: 'Help', text: '/imagepull help', description: 'How to ask' }]
}

/** `never-built` → `Never built` */
function situationTitle(name: string): string {
  const words = name.replaceAll('-', ' ').replace(/^tls/, 'TLS')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
