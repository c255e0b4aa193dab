import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ActingBot, actingBot } from '../e2e/acting.ts'
import { startCluster, whyNoCluster } from '../e2e/cluster.ts'
import { copyImage } from '../e2e/registry-copy.ts'

// Run by `npm run bench`, on the real cluster with its real Kaniko: from a click to what it does, and to FIXED. The bot waits as
// it does in production: a minute that the pods have to be ready.

const registry = '10.96.170.72:5000'
const builds = readFileSync(new URL('../fixtures/e2e/actions.yaml', import.meta.url), 'utf8')
const namespace = 'cortex-chat'
type Cluster = Awaited<ReturnType<typeof startCluster>>

function deployment(name: string, image: string): string {
  const containers = [{ name: 'main', image, imagePullPolicy: 'Always' }]
  return JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace, name, labels: { actions: 'e2e' } },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name, scenario: name } },
        spec: { terminationGracePeriodSeconds: 1, containers },
      },
    },
  })
}

/** Seconds from now until each of these is so. */
async function timed(
  looks: Readonly<Record<string, () => Promise<boolean>>>,
): Promise<Readonly<Record<string, string>>> {
  const begin = performance.now()
  const found: Record<string, string> = {}
  const watch = async ([name, look]: [string, () => Promise<boolean>]): Promise<void> => {
    while (!(await look())) {
      if (performance.now() - begin > 240_000) throw new Error(`${name}: not within 4 min`)
      await sleep(50)
    }
    found[name] = ((performance.now() - begin) / 1_000).toFixed(1)
  }
  await Promise.all(Object.entries(looks).map(watch))
  return Object.fromEntries(Object.keys(looks).map((name) => [name, found[name] ?? '']))
}

function print(action: string, times: Readonly<Record<string, string>>): void {
  console.log(`| ${action}: from the click until | seconds |\n|---|---|`)
  for (const [what, seconds] of Object.entries(times)) console.log(`| ${what} | ${seconds} |`)
  console.log()
}

const says = (talk: ActingBot, form: RegExp) => async () => form.test(talk.says())

function lists({ kubectl }: Cluster) {
  const names = async (kind: string, labels: string, path: string): Promise<string> =>
    kubectl('-n', namespace, 'get', kind, '-l', labels, '-o', `jsonpath=${path}`)
  return {
    jobs: async (count: number) =>
      (await names('jobs', 'actions=e2e', '{.items[*].metadata.name}')).split(' ').length >= count,
    built: async () => (await names('jobs', 'actions=e2e', '{.items[*].status.succeeded}')).includes('1'),
    ready: (app: string) => async () =>
      (await names('pods', `app=${app}`, '{.items[*].status.conditions[?(@.type=="Ready")].status}')).includes('True'),
    replaced: (app: string, pod: string) => async () =>
      !(await names('pods', `app=${app}`, '{.items[*].metadata.name}')).includes(pod),
  }
}

async function rerunBuild(cluster: Cluster, talk: ActingBot): Promise<void> {
  const name = 'cortex-chat-bench'
  const look = lists(cluster)
  await cluster.scenario('registry-scaled-to-zero')
  await cluster.apply(builds.replaceAll('NAME', name))
  await cluster.kubectl('-n', namespace, 'wait', '--for=condition=failed', `job/${name}-build`, '--timeout=120s')
  await cluster.scenario('undo', 'registry-scaled-to-zero')
  await cluster.apply(deployment(name, `${registry}/${name}:latest`))
  await cluster.podOf(name, /not found/)
  await talk.ask(`${namespace}/${name}`)
  await talk.hears(/Build failed[\s\S]*\[Rerun build\]/, 40)
  const times = timed({
    'the thread says who began it': says(talk, /Rerun build · @maya/),
    'the new Job is there': () => look.jobs(2),
    'the build has succeeded': look.built,
    'the pod is Ready': look.ready(name),
    'the thread says FIXED': says(talk, new RegExp(`FIXED · ${name}`)),
  })
  await talk.press('rerun-build')
  print('Rerun build', await times)
}

async function deleteStuckPod(cluster: Cluster, talk: ActingBot): Promise<void> {
  const name = 'cortex-chat-late'
  const look = lists(cluster)
  await cluster.apply(deployment(name, 'registry.test:5500/team/late:1.0'))
  const pod = (await cluster.podOf(name, /ImagePullBackOff/)).split('/')[1] ?? ''
  await talk.ask(`${namespace}/${name}`)
  await talk.hears(/team\/late[\s\S]*\[Check again\]/, 40)
  await copyImage('127.0.0.1:5500', '127.0.0.1:5500', 'team/app', '1.0', 'team/late')
  await talk.press('check-again')
  await talk.hears(/\[Delete stuck pod\]/, 40)
  const times = timed({
    'the pod is deleted': look.replaced(name, pod),
    'the new pod is Ready': look.ready(name),
    'the thread says FIXED': says(talk, new RegExp(`FIXED · ${name}`)),
  })
  await talk.press('delete-stuck-pod')
  print('Delete stuck pod', await times)
}

async function remove({ kubectl, scenario }: Cluster): Promise<void> {
  for (const kind of ['deployments', 'jobs', 'configmaps'])
    await kubectl('-n', namespace, 'delete', kind, '-l', 'actions=e2e', '--cascade=foreground')
  await scenario('undo', 'registry-scaled-to-zero')
}

const missing = whyNoCluster()
if (missing) console.log(`skipped: ${missing}`)
else {
  const cluster = await startCluster()
  try {
    await using talk = await actingBot(cluster.kubeconfig)
    await rerunBuild(cluster, talk)
    await deleteStuckPod(cluster, talk)
  } finally {
    await remove(cluster)
  }
}
process.exit(0)
