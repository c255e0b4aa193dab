import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LocalSlack } from '../../src/simulator/slack/local-slack.ts'
import { startLocalSlack } from '../../src/simulator/slack/start.ts'
import { actionWorkspace } from '../support/action-workspace.ts'
import { chart, helmOn } from '../support/helm.ts'
import { webhookToken } from '../support/running-app.ts'
import type { startCluster } from './cluster.ts'
import { type Conversation, conversationIn } from './conversation.ts'

type Cluster = Awaited<ReturnType<typeof startCluster>>

/** The namespace of the release, and that of the workloads that cannot pull. */
export const places = { release: 'imagepull', workloads: 'install' } as const
/** Of the node, on the link that pods reach. */
export const nodeAddress = '172.31.240.1'
/** The registry in the cluster. */
export const registry = '10.96.170.72:5000'

/** Of deploy/rbac-*.yaml, which other tests apply: Helm takes over no object that is not its own. */
const appliedRoles = ['readonly', 'pull-secrets', 'delete-pods', 'run-builds', 'restart-registry', 'roll-back'].map(
  (it) => `imagepull-${it}`,
)

const { seed, incidents, oncall } = actionWorkspace

/** The chart's release `imagepull` on the real cluster, with a Slack that its pods reach. */
export interface Release extends Conversation, AsyncDisposable {
  readonly slack: LocalSlack
  /** Installs or upgrades it, and waits until it is ready. */
  deploy(values: object): Promise<void>
  helm(...args: readonly string[]): Promise<string>
  /** The address of its Service: `http://10.96.1.2:3000` */
  url(): Promise<string>
}

/** Removes what a run before may have left, and makes what the chart expects: a Secret and a PersistentVolume. */
export async function prepareRelease(cluster: Cluster, image: string): Promise<Release> {
  const { kubectl, apply, kubeconfig } = cluster
  const helm = (...args: readonly string[]) => helmOn(kubeconfig, [...args, '--namespace', places.release])
  await using opened = new AsyncDisposableStack()
  const data = mkdtempSync(join(tmpdir(), 'imagepull-data-'))
  chmodSync(data, 0o777) // the kubelet changes no owner of a hostPath
  opened.defer(() => rmSync(data, { recursive: true, force: true }))
  await remove()
  opened.defer(remove)
  const slack = opened.use(await startLocalSlack({ seed, limits: 'none', host: nodeAddress }))
  for (const name of Object.values(places)) await kubectl('create', 'namespace', name)
  await apply([persistentVolume(data), secret(slack)].map((it) => JSON.stringify(it)).join('\n---\n'))

  async function remove(): Promise<void> {
    await helm('uninstall', 'imagepull', '--ignore-not-found', '--wait', '--timeout', '60s').catch(() => undefined)
    await kubectl('delete', 'namespace', ...Object.values(places), '--ignore-not-found')
    await kubectl('delete', 'persistentvolume', 'imagepull-e2e', '--ignore-not-found')
    await kubectl('delete', 'clusterrole', ...appliedRoles, '--ignore-not-found')
  }

  async function describePods(): Promise<string> {
    const pods = await kubectl('-n', places.release, 'get', 'pods', '-o=wide')
    const own = ['-l', 'app.kubernetes.io/name=imagepull', '--prefix', '--tail=8']
    const logs = await kubectl('-n', places.release, 'logs', ...own).catch((error: Error) => error.message)
    const events = await kubectl('-n', places.release, 'get', 'events', '--field-selector=type=Warning')
    return [pods, logs, events].join('\n')
  }

  const [, repository, tag] = /^(.+):([^:]+)$/.exec(image) ?? []
  const closing = opened.move()
  return {
    slack,
    ...conversationIn(slack),
    helm,
    async deploy(values) {
      const all = { ...valuesFor(slack), image: { repository, tag }, ...values }
      const how = ['--namespace', places.release, '--install', '--wait', '--timeout', '300s']
      await helmOn(kubeconfig, ['upgrade', 'imagepull', chart, ...how], all).catch(async (error: Error) => {
        throw new Error(`${error.message}\n${await describePods()}`)
      })
    },
    async url() {
      const address = await kubectl(
        '-n',
        places.release,
        'get',
        'service',
        'imagepull',
        '-o=jsonpath={.spec.clusterIP}',
      )
      return `http://${address}:3000`
    },
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  }
}

function valuesFor(slack: LocalSlack): object {
  const allowed = { namespaces: [places.workloads] }
  return {
    secret: { existing: 'imagepull' },
    environment: { SLACK_API_URL: slack.apiUrl },
    cluster: { name: 'real' },
    config: {
      channels: [{ id: incidents, may: ['commands', 'alerts', 'actions'] }],
      // People may press every button; the ServiceAccount has the rights of one.
      permissions: [{ action: '*', clusters: ['*'], namespaces: ['*'], groups: [oncall] }],
      registries: [{ host: registry, plainHttp: true }],
      incidents: { grace: '2s', look: '10s' },
    },
    rbac: { actions: { 'delete-stuck-pod': { enabled: true, ...allowed } } },
  }
}

function secret({ botToken, appToken }: LocalSlack): object {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { namespace: places.release, name: 'imagepull' },
    stringData: {
      SLACK_BOT_TOKEN: botToken,
      SLACK_APP_TOKEN: appToken,
      ALERTMANAGER_WEBHOOK_TOKEN: webhookToken,
    },
  }
}

/** For the claim of the chart: this cluster has no StorageClass. */
function persistentVolume(path: string): object {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'imagepull-e2e' },
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      persistentVolumeReclaimPolicy: 'Retain',
      claimRef: { namespace: places.release, name: 'imagepull-data' },
      hostPath: { path, type: 'Directory' },
    },
  }
}
