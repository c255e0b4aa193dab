import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { promisify } from 'node:util'
import { main } from '../../src/cli/main.ts'
import { startCluster, whyNoCluster } from '../e2e/cluster.ts'

// Run by `npm run bench`. The playbook's first example on the real cluster: its own commands by kubectl, against one
// diagnosis. Prints one table, ratios of one run.

const run = promisify(execFile)
const rounds = 5
const namespace = 'cortex-chat'
const deployment = 'cortex-chat-backend-simple'
const jobs = 500

const missing = whyNoCluster()
if (missing) {
  console.log(`skipped: ${missing}`)
  process.exit(0)
}
const cluster = await startCluster()
process.env.KUBECONFIG = cluster.kubeconfig
await cluster.scenario('image-never-built')
await makeJobs()
const target = await cluster.podOf('image-never-built', /ErrImagePull|ImagePullBackOff/)
try {
  await measure(target)
} finally {
  await cluster.kubectl('delete', 'namespace', 'imagepull-bench', '--wait=false')
  await cluster.scenario('undo', 'image-never-built')
}

async function measure(target: string): Promise<void> {
  const byHand = await median(() => playbook(target))
  const asked = await diagnoseHere(target)
  const warm = await median(
    async () => (await diagnoseHere(target)).ms,
    (_, ms) => ms,
  )
  const program = resolve(import.meta.dirname, '../../src/cli/imagepull.mjs')
  const whole = await median(() => run(process.execPath, [program, 'diagnose', target, '-o', 'json']))
  const ratio = (ms: number): string => `1/${(byHand / ms).toFixed(1)}`
  console.log(`| image never built, ${jobs} Jobs in the cluster | time | of the playbook's |\n|---|---|---|`)
  console.log(`| the playbook's own commands, by kubectl | ${Math.round(byHand)} ms | |`)
  console.log(`| \`diagnose\`, whole process | ${Math.round(whole)} ms | ${ratio(whole)} |`)
  console.log(`| \`diagnose\`, warm | ${Math.round(warm)} ms | ${ratio(warm)} |\n`)
  console.log(
    `Requests of one diagnosis: ${asked.apiCalls.kubernetes} to the API server, ${asked.apiCalls.registry} to the registry.\n`,
  )
}

async function median<T>(work: () => Promise<T>, read = (ms: number, _of: T): number => ms): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const start = performance.now()
    const result = await work()
    times.push(read(performance.now() - start, result))
  }
  return times.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0
}

interface Answer {
  readonly apiCalls: { readonly kubernetes: number; readonly registry: number }
  readonly ms: number
}

/** In this process: everything is loaded, as in a bot. */
async function diagnoseHere(target: string): Promise<Answer> {
  const written: string[] = []
  const output = new Writable({
    write(chunk, _encoding, done) {
      written.push(String(chunk))
      done()
    },
  })
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  await main(['diagnose', target, '-o', 'json'], {
    input: Readable.from([]),
    output,
    errors: silent,
  } as unknown as Parameters<typeof main>[1] & object) // what it needs of the three
  return JSON.parse(written.join(''))
}

/** "Quick Diagnosis" and steps 1 to 5, with the names of the example. */
async function playbook(target: string): Promise<void> {
  const pod = target.split('/')[1] ?? ''
  const registry = ['exec', '-n', namespace, 'deploy/docker-registry', '--', 'wget', '-qO-']
  const commands: readonly (readonly string[])[] = [
    ['get', 'pods', '-n', namespace],
    ['describe', 'pod', pod, '-n', namespace],
    ['describe', 'pod', pod, '-n', namespace],
    ['get', 'deployment', deployment, '-n', namespace, '-o', 'jsonpath={.spec.template.spec.containers[*].image}'],
    ['get', 'pod', '-n', namespace, '-l', 'app=docker-registry', '-o', 'name'],
    [...registry, 'http://localhost:5000/v2/_catalog'],
    ['get', 'pod', '-n', namespace, '-l', 'app=docker-registry', '-o', 'name'],
    [...registry, `http://localhost:5000/v2/${deployment}/tags/list`],
    ['get', 'pod', pod, '-n', namespace, '-o', 'jsonpath={.spec.nodeName}'],
    ['get', 'pod', '-n', namespace, '-l', 'app=docker-registry', '-o', 'name'],
    ['exec', '-n', namespace, 'deploy/docker-registry', '--', 'wget', '--spider', 'http://localhost:5000/v2/'],
    ['get', 'svc', 'docker-registry', '-n', namespace],
    ['get', 'jobs', '-n', namespace, '--sort-by=.metadata.creationTimestamp'],
    ['get', 'endpoints', 'docker-registry', '-n', namespace],
  ]
  // What is not there answers with an exit code; that takes its time too.
  for (const command of commands) await cluster.kubectl(...command).catch(() => undefined)
}

/** Suspended, so that they cost the cluster nothing. */
async function makeJobs(): Promise<void> {
  const items = Array.from({ length: jobs }, (_, index) => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: `job-${index}`, namespace: 'imagepull-bench' },
    spec: {
      suspend: true,
      template: {
        spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'registry.test:5500/team/app:1.0' }] },
      },
    },
  }))
  const namespaceItem = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'imagepull-bench' } }
  await cluster.apply(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [namespaceItem, ...items] }))
}
