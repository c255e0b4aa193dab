import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { clusterTool, startCluster, whyNoCluster } from './cluster.ts'

const missing = whyNoCluster()
if (missing && process.env.REQUIRE_ALL) throw new Error(missing)
if (missing) console.log(`skipped: ${missing}`)

const run = promisify(execFile)
const root = resolve(import.meta.dirname, '../..')
/**
 * `right`: scenarios whose verdict was right when this list was written. `quick`: one for each kind of cause among them, which
 * show what they should within a minute. The quick ones are tried unless SCENARIOS=all.
 */
const known = z
  .object({ right: z.array(z.string()), quick: z.array(z.string()) })
  .parse(JSON.parse(readFileSync(resolve(root, 'test/fixtures/e2e/scenarios.json'), 'utf8')))
const tryAll = process.env.SCENARIOS === 'all'
const expected = tryAll ? known.right : known.quick

/** One line of what the cluster's `score` writes: only the fields that are used. */
const row = z.object({
  name: z.string(),
  expect: z.array(z.string()),
  got: z.string(),
  confidence: z.string().nullish(),
  right: z.boolean(),
  wrong: z.boolean(),
  false_alarm: z.boolean(),
  problem: z.string(),
})
type Row = z.infer<typeof row>

/** Milliseconds: all of them take about half an hour on a busy machine. */
const patience = 45 * 60_000
/** Diagnoses at a time. Most of a diagnosis waits for answers. */
const atOnce = 4

/** Diagnoses the scenarios. The tool ends with 1 where not all is right: its rows tell. */
async function score(): Promise<readonly Row[]> {
  const out = join(mkdtempSync(join(tmpdir(), 'imagepull-')), 'score.json')
  const names = tryAll ? [] : ['--names', known.quick.join(',')]
  const options = { cwd: root, maxBuffer: 64 * 1024 * 1024 }
  const args = ['--out', out, '--jobs', String(atOnce), ...names]
  const ended = await run(join(clusterTool, 'score'), args, options).catch((error: unknown) => error)
  if (!existsSync(out)) throw new Error('score wrote no result', { cause: ended })
  return z.array(row).parse(JSON.parse(readFileSync(out, 'utf8')))
}

const policyScenario = 'admission-denied'

/**
 * The API server needs some seconds until it enforces a new policy. A Deployment that is applied together with the policy may
 * get its pod before. So the policy is applied first, and the scenario when the API server refuses a pod.
 */
async function enforcePolicy({ apply, tryApply }: Awaited<ReturnType<typeof startCluster>>): Promise<void> {
  const file = readFileSync(join(clusterTool, 'scenarios', `${policyScenario}.yaml`), 'utf8')
  const documents = parseAllDocuments(file).map((it) => it.toJS())
  const isWorkload = (it: { readonly kind: string }): boolean => it.kind === 'Deployment'
  const policies = documents.filter((it) => !isWorkload(it))
  const { spec } = documents.find(isWorkload).spec.template
  const metadata = { name: 'probe', namespace: policyScenario }
  const pod = JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata, spec })
  await apply(policies.map((it) => JSON.stringify(it)).join('\n---\n'))
  const refused = (error: Error): boolean => /denied request/.test(error.message)
  await vi.waitFor(
    async () =>
      expect(
        await tryApply(pod).then(
          () => 'allowed',
          (error) => refused(error) && 'refused',
        ),
      ).toBe('refused'),
    { timeout: 60_000, interval: 500 },
  )
}

function told({ name, expect, got, confidence, problem }: Row): string {
  return `${name}: ${got} (${confidence ?? 'no verdict'}) instead of ${expect.join(' or ')}${problem ? `; ${problem}` : ''}`
}

describe.skipIf(missing)('scenarios of the real cluster', () => {
  let rows: readonly Row[] = []

  beforeAll(async () => {
    const cluster = await startCluster()
    await enforcePolicy(cluster)
    rows = await score()
    expect(rows.length).toBeGreaterThan(0)
  }, patience)

  test('nothing is wrong and called proven', () => {
    expect(rows.filter((it) => it.wrong).map(told)).toEqual([])
  })

  test('no pod that pulls is called sick', () => {
    expect(rows.filter((it) => it.false_alarm).map(told)).toEqual([])
  })

  test('what was right still is', () => {
    const missed = rows.filter((it) => expected.includes(it.name) && !it.right)
    expect(missed.map(told)).toEqual([])
  })

  test('every scenario of the list was tried', () => {
    const tried = new Set(rows.map(({ name }) => name))
    expect(expected.filter((name) => !tried.has(name))).toEqual([])
  })
})
