import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { listen } from '../../src/simulator/listen.ts'
import { registryListener, sampleRegistry } from '../../src/simulator/registry/server.ts'
import { addImage, registryStorage } from '../../src/simulator/registry/storage.ts'
import { servedCluster } from '../support/served-cluster.ts'

// Run by `npm run bench`. `imagepull scan -A` of 10,000 pods in 500 workloads with 120 images, five of them gone, against a
// cluster and a registry on loopback. Prints one table: time, what was asked, and the largest memory of the process.

const count = { workloads: 500, replicas: 20, images: 120, gone: 5, nodes: 50 } as const

const storage = registryStorage()
for (let index = 0; index < count.images - count.gone; index++)
  addImage(storage, { repository: `team/app-${index}`, tags: ['1.0'], platforms: ['linux/amd64', 'linux/arm64'] })
const asked: string[] = []
const serve = sampleRegistry(storage)
const server = await listen(
  registryListener((request) => {
    asked.push(request.method)
    return serve(request)
  }),
)

try {
  const nodes = Array.from({ length: count.nodes }, (_, index) => node(index))
  const workloads = Array.from({ length: count.workloads }, (_, index) => workload(index)).flat()
  await using cluster = await servedCluster([...nodes, ...workloads])
  const { output, code, seconds, peak } = await scanned(cluster.kubeconfig)
  const said = JSON.parse(output)
  if (code !== 5 || said.findings.length !== count.gone || said.unknown.length !== 0)
    throw new Error(`exit ${code}: ${said.findings.length} findings, ${said.unknown.length} unknown`)
  const heads = asked.filter((it) => it === 'HEAD').length
  console.log(`| scan of ${said.pods} pods, ${said.workloads} workloads, ${said.images} images | |\n|---|---|`)
  console.log(`| time | ${seconds.toFixed(1)} s |`)
  console.log(`| largest memory of the process | ${peak} MB |`)
  console.log(`| requests to the registry | ${asked.length} (${heads} HEAD) |`)
  console.log(`| requests to the API server | ${said.apiCalls.kubernetes} |\n`)
} finally {
  await server.close()
}

/** Runs the command as a process of its own. `peak`: megabytes that it held at most (VmHWM of proc(5)). */
async function scanned(kubeconfig: string) {
  const start = performance.now()
  const cli = join(import.meta.dirname, '../../src/cli/imagepull.mjs')
  const child = spawn(process.execPath, [cli, 'scan', '-A', '-o', 'json', '--kubeconfig', kubeconfig], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  let peak = 0
  let code: number | null | undefined
  child.on('close', (exitCode) => {
    code = exitCode
  })
  while (code === undefined) {
    peak = Math.max(peak, peakOf(child.pid))
    await sleep(50)
  }
  return { output, code, seconds: (performance.now() - start) / 1_000, peak }
}

/** 0: the process has ended. */
function peakOf(pid: number | undefined): number {
  try {
    const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return Math.round(Number(kibibytes ?? 0) / 1_024)
  } catch {
    return 0
  }
}

function node(index: number): object {
  return {
    kind: 'Node',
    metadata: { name: `node-${index}` },
    status: { nodeInfo: { architecture: 'amd64', operatingSystem: 'linux' } },
  }
}

function workload(index: number): readonly object[] {
  const name = `web-${index}`
  const image = `127.0.0.1:${server.port}/team/app-${index % count.images}:1.0`
  const labels = { app: name, 'pod-template-hash': 'abc' }
  const env = Array.from({ length: 20 }, (_, at) => ({ name: `SETTING_${at}`, value: `value ${at}` }))
  const spec = { containers: [{ name: 'main', image, env }] }
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${name}-abc`, uid: `rs-${index}`, controller: true }
  const pods = Array.from({ length: count.replicas }, (_, at) => ({
    kind: 'Pod',
    metadata: { name: `${name}-abc-${at}`, namespace: 'shop', labels, ownerReferences: [owner] },
    spec: { ...spec, nodeName: `node-${at}` },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'True' }],
      containerStatuses: [{ name: 'main', ready: true, image, state: { running: {} } }],
    },
  }))
  const deployment = {
    kind: 'Deployment',
    metadata: { name, namespace: 'shop' },
    spec: { replicas: count.replicas, template: { metadata: { labels }, spec } },
  }
  return [deployment, ...pods]
}
