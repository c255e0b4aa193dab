import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { clusterTool, imagepull, startCluster, whyNoCluster } from './cluster.ts'

const missing = whyNoCluster()
if (missing && process.env.REQUIRE_ALL) throw new Error(missing)
if (missing) console.log(`skipped: ${missing}`)

/** Scenarios whose fault is there before the pod is: a part of a name. */
const faults =
  /^(?:admission-denied|auth-(?!correct-secret$)|build-|default-tag-missing|digest-not-found|http-(?:401|403|412|50\d|insufficient)|image-never-built|index-child-gone|init-container-missing-tag|invalid-|missing-(?:repository|tag)|policy-never|repository-typo|token-(?:50\d|anonymous|credentials)|wrong-platform)/
/** Enough to see that it works, in some two minutes. SCENARIOS=all tries every one. */
const quick =
  /^(?:auth-(?:correct-secret|secret-other-host|wrong-password)|build-failed|build-running|index-child-gone|invalid-space|missing-tag|not-pull-(?:crash-loop|node-selector)|policy-never-absent|success|wrong-platform-(?:index|single))$/
const tryAll = process.env.SCENARIOS === 'all'

interface Scenario {
  readonly name: string
  readonly file: string
  readonly documents: readonly { readonly kind: string }[]
  /** Ids of causes that are right; empty: it pulls. */
  readonly expected: readonly string[]
}

function scenarios(): readonly Scenario[] {
  const folder = join(clusterTool, 'scenarios')
  return readdirSync(folder).flatMap((entry) => {
    const name = entry.replace(/\.yaml$/, '')
    const file = join(folder, entry)
    const text = readFileSync(file, 'utf8')
    const cause = /^# expect: (.+)$/m.exec(text)?.[1] ?? 'none'
    const isHealthy = cause === 'none'
    if (!entry.endsWith('.yaml') || /^# n(?:eeds|ode):/m.test(text) || !(isHealthy || faults.test(name))) return []
    const documents = parseAllDocuments(text).map((it) => it.toJS())
    return [{ name, file, documents, expected: isHealthy ? [] : cause.split('|') }]
  })
}

const answer = z.object({
  images: z.array(z.object({ status: z.string(), verdict: z.object({ cause: z.string() }).nullable() })),
})

/** The worst verdict; `pulls` or `unknown` where there is none. */
function worstOf(stdout: string): string {
  const [first] = answer.parse(JSON.parse(stdout)).images
  return first?.verdict?.cause ?? first?.status ?? 'no image'
}

describe.skipIf(missing)('preflight of the scenarios of the real cluster', () => {
  const tried = tryAll ? scenarios() : scenarios().filter(({ name }) => quick.test(name))
  const said = new Map<string, string>()

  beforeAll(async () => {
    const cluster = await startCluster()
    const folder = mkdtempSync(join(tmpdir(), 'imagepull-'))
    const configuration = join(folder, 'imagepull.yaml')
    const hosts = ['auth.registry.test:5501', 'fault.registry.test:5507']
    writeFileSync(configuration, JSON.stringify({ registries: hosts.map((host) => ({ host, plainHttp: true })) }))
    process.env.IMAGEPULL_CONFIG = configuration
    try {
      await makeBuilds(cluster, tried)
      for (const { name, file } of tried) {
        if (name === 'admission-denied') await cluster.scenario(name).then(() => refused(cluster, name))
        const { stdout, stderr } = await imagepull(cluster.kubeconfig, 'preflight', '-f', file, '-o', 'json')
        said.set(name, stdout ? worstOf(stdout) : stderr)
      }
    } finally {
      delete process.env.IMAGEPULL_CONFIG
      await cluster.scenario('undo', ...tried.map(({ name }) => name))
    }
  }, 900_000)

  test('no image that can be pulled is called sick', () => {
    const healthy = tried.filter(({ expected }) => expected.length === 0)
    expect(healthy.length).toBeGreaterThan(2)
    expect(healthy.filter(({ name }) => !['pulls', 'unknown'].includes(said.get(name) ?? ''))).toEqual([])
  })

  test('what fails afterwards is announced with the same cause, in at least 95 of 100', () => {
    const sick = tried.filter(({ expected }) => expected.length > 0)
    // A node lists 50 images at most. With a full list, nobody can tell from here that an image is absent.
    const isOpen = (name: string): boolean => name === 'policy-never-absent' && said.get(name) === 'unknown'
    const wrong = sick.filter(({ name, expected }) => !expected.includes(said.get(name) ?? '') && !isOpen(name))
    const share = (1 - wrong.length / sick.length) * 100
    console.log(`preflight named the cause of ${sick.length - wrong.length} of ${sick.length} (${share.toFixed(1)} %)`)
    expect(share, wrong.map(({ name }) => `${name}: ${said.get(name)}`).join(', ')).toBeGreaterThanOrEqual(95)
  })
})

type Cluster = Awaited<ReturnType<typeof startCluster>>

/** A build is there before what needs its image: all that is no workload is applied, and the builds may end. */
async function makeBuilds({ apply, kubectl }: Cluster, tried: readonly Scenario[]): Promise<void> {
  const builds = tried.filter(({ name }) => name.startsWith('build-'))
  const items = builds.flatMap(({ documents }) => documents.filter(({ kind }) => kind !== 'Deployment'))
  if (items.length === 0) return
  await apply(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }))
  // Those of build-running and build-newer-running never end.
  const jobs = items.flatMap((it) => (it.kind === 'Job' && !JSON.stringify(it).includes('while true') ? [it] : []))
  const ended = jobs.map((job) => {
    const { metadata } = z.object({ metadata: z.object({ name: z.string(), namespace: z.string() }) }).parse(job)
    const until = ['jsonpath={.status.conditions[0].status}=True', `job/${metadata.name}`, '--timeout=40s']
    return kubectl('-n', metadata.namespace, 'wait', '--for', ...until).catch(() => undefined) // some restart for ever
  })
  await Promise.all(ended)
}

/** The policy has to have refused once: then events tell of it. */
async function refused({ kubectl }: Cluster, namespace: string): Promise<void> {
  async function events(): Promise<string> {
    // A policy counts some seconds after it was made: a pod from before that is made again.
    await kubectl('-n', namespace, 'delete', 'pods', '--all', '--wait=false')
    return kubectl('-n', namespace, 'get', 'events', '--field-selector', 'reason=FailedCreate', '-o', 'name')
  }
  await vi.waitFor(async () => expect(await events()).not.toBe(''), { timeout: 60_000, interval: 2_000 })
}
