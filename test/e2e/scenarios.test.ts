import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { clusterTool, startCluster, whyNoCluster } from './cluster.ts'

const missing = whyNoCluster()
if (missing && process.env.REQUIRE_ALL) throw new Error(missing)
if (missing) console.log(`skipped: ${missing}`)

const run = promisify(execFile)
const root = resolve(import.meta.dirname, '../..')
/** Names of scenarios whose verdict was right when this list was written. Scenarios that are mended are added to it. */
const known = z
  .object({ right: z.array(z.string()) })
  .parse(JSON.parse(readFileSync(resolve(root, 'test/fixtures/e2e/scenarios.json'), 'utf8')))

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

/** Milliseconds: some hundred situations, two at a time. */
const patience = 45 * 60_000

/** Diagnoses every scenario of the cluster. The tool ends with 1 where not all is right: its rows tell. */
async function score(): Promise<readonly Row[]> {
  const out = join(mkdtempSync(join(tmpdir(), 'imagepull-')), 'score.json')
  const options = { cwd: root, maxBuffer: 64 * 1024 * 1024 }
  await run(join(clusterTool, 'score'), ['--out', out], options).catch(() => undefined)
  return z.array(row).parse(JSON.parse(readFileSync(out, 'utf8')))
}

function told({ name, expect, got, confidence, problem }: Row): string {
  return `${name}: ${got} (${confidence ?? 'no verdict'}) instead of ${expect.join(' or ')}${problem ? `; ${problem}` : ''}`
}

describe.skipIf(missing)('every scenario of the real cluster', () => {
  let rows: readonly Row[] = []

  beforeAll(async () => {
    await startCluster()
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
    const missed = rows.filter((it) => known.right.includes(it.name) && !it.right)
    expect(missed.map(told)).toEqual([])
  })

  test('every scenario of the list was tried', () => {
    const tried = new Set(rows.map(({ name }) => name))
    expect(known.right.filter((name) => !tried.has(name))).toEqual([])
  })
})
