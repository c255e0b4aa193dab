import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { listen } from '../../src/simulator/listen.ts'
import { registryListener, sampleRegistry } from '../../src/simulator/registry/server.ts'
import { addImage, registryStorage } from '../../src/simulator/registry/storage.ts'
import { runCommand } from '../support/run-command.ts'
import { servedCluster } from '../support/served-cluster.ts'

// Run by `npm run bench`. `imagepull preflight` of 200 manifests with 80 images, a tenth of them missing, against a cluster
// and a registry on loopback. Prints one table: the median of several runs, and what was asked.

const rounds = 5
const count = { manifests: 200, images: 80, missing: 8 } as const

const node = {
  kind: 'Node',
  metadata: { name: 'node-1' },
  status: { nodeInfo: { architecture: 'amd64', operatingSystem: 'linux' } },
}

const storage = registryStorage()
for (let index = 0; index < count.images - count.missing; index++)
  addImage(storage, { repository: `team/app-${index}`, tags: ['1.0'], platforms: ['linux/amd64', 'linux/arm64'] })
const asked: string[] = []
let bytes = 0
const serve = sampleRegistry(storage)
const server = await listen(
  registryListener(async (request) => {
    const answer = await serve(request)
    asked.push(request.method)
    bytes += request.method === 'HEAD' ? 0 : (answer.body?.length ?? 0)
    return answer
  }),
)
const folder = mkdtempSync(join(tmpdir(), 'imagepull-'))
for (let index = 0; index < count.manifests; index++) writeFileSync(join(folder, `web-${index}.yaml`), manifest(index))

try {
  await using cluster = await servedCluster([node])
  const times: number[] = []
  let kubernetes = 0
  for (let round = 0; round < rounds; round++) {
    asked.length = 0
    bytes = 0
    const start = performance.now()
    const { output, code } = await runCommand('preflight', folder, '--kubeconfig', cluster.kubeconfig, '-o', 'json')
    times.push(performance.now() - start)
    const said = JSON.parse(output)
    kubernetes = said.apiCalls.kubernetes
    if (code !== 5 || said.summary.fails !== count.missing || said.summary.images !== count.images)
      throw new Error(`exit ${code}: ${JSON.stringify(said.summary)}`)
  }
  const heads = asked.filter((it) => it === 'HEAD').length
  const median = times.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0
  console.log(`| preflight of ${count.manifests} manifests, ${count.images} images | |\n|---|---|`)
  console.log(`| time | ${(median / 1_000).toFixed(1)} s |`)
  console.log(`| requests to the registry | ${asked.length} (${heads} HEAD), ${Math.round(bytes / 1_024)} KiB |`)
  console.log(`| requests to the API server | ${kubernetes} |\n`)
} finally {
  await server.close()
  rmSync(folder, { recursive: true })
}

/** Manifests of usual length. */
function manifest(index: number): string {
  const image = `127.0.0.1:${server.port}/team/app-${index % count.images}:1.0`
  const labels = { app: `web-${index}`, 'app.kubernetes.io/part-of': 'shop' }
  const env = Array.from({ length: 20 }, (_, at) => ({ name: `SETTING_${at}`, value: `value ${at}` }))
  const deployment = {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: `web-${index}`, namespace: 'shop', labels } },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'main', image, env }] } },
    },
  }
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: `web-${index}`, namespace: 'shop' },
    spec: { ports: [{ port: 80 }] },
  }
  return [deployment, service].map((it) => JSON.stringify(it, undefined, 2)).join('\n---\n')
}
