/**
 * Makes the fixtures of `test/playbooks/image-pull/scenarios.test.ts` from one run of the cluster's `score`:
 *
 *     node test/e2e/save-scenarios.ts SCORE.json FACTS-DIRECTORY
 *
 * SCORE.json is what `score --out` wrote; the directory holds one file of `--save-facts` for each diagnosis of that run.
 * Only right verdicts become fixtures.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'

const [scoreFile = '', factsDirectory = ''] = process.argv.slice(2)
const target = resolve(import.meta.dirname, '../fixtures/scenarios')

const verdict = z.object({ cause: z.string(), confidence: z.string() })
const row = z.object({
  name: z.string(),
  right: z.boolean(),
  answer: z.object({
    target: z.object({ namespace: z.string(), pod: z.string() }).optional(),
    verdict: verdict.nullish(),
    route: z.object({ playbook: z.string() }).nullish(),
  }),
})
const pulls = z.array(z.looseObject({ image: z.string() }))
const value = z.looseObject({ pulled: pulls.optional(), failed: pulls.optional() })
const node = z.looseObject({ status: z.looseObject({ images: z.array(z.unknown()) }) })
const saved = z.looseObject({
  pod: z.looseObject({ metadata: z.looseObject({ namespace: z.string(), name: z.string() }) }),
  facts: z.record(z.string(), z.record(z.string(), z.looseObject({ value: z.unknown().optional() }))),
})
type Saved = z.infer<typeof saved>

/** Pulls of other pods that a fixture keeps: those of the cluster's other scenarios say nothing about this one. */
const mostPulls = 10

/** Other pods' pulls and the node's list of images fill most of the facts. */
function compact(of: Saved): Saved {
  const facts = Object.fromEntries(
    Object.entries(of.facts).map(([path, answers]) => [
      path,
      Object.fromEntries(
        Object.entries(answers).map(([id, it]) => [
          id,
          id === 'neighbours' ? cut(it) : id === 'node' ? withoutImages(it) : it,
        ]),
      ),
    ]),
  )
  return { ...of, facts }
}

function withoutImages(observation: Saved['facts'][string][string]): Saved['facts'][string][string] {
  const parsed = node.safeParse(observation.value)
  if (!parsed.success) return observation
  return { ...observation, value: { ...parsed.data, status: { ...parsed.data.status, images: [] } } }
}

function cut(observation: Saved['facts'][string][string]): Saved['facts'][string][string] {
  const parsed = value.safeParse(observation.value)
  if (!parsed.success) return observation
  const { pulled = [], failed = [] } = parsed.data
  return { ...observation, value: { pulled: pulled.slice(0, mostPulls), failed: failed.slice(0, mostPulls) } }
}

const byPod = new Map(
  readdirSync(factsDirectory).map((file) => {
    const facts = saved.parse(JSON.parse(readFileSync(join(factsDirectory, file), 'utf8')))
    return [`${facts.pod.metadata.namespace}/${facts.pod.metadata.name}`, facts] as const
  }),
)

mkdirSync(target, { recursive: true })
for (const { name, right, answer } of z.array(row).parse(JSON.parse(readFileSync(scoreFile, 'utf8')))) {
  const facts = answer.target && byPod.get(`${answer.target.namespace}/${answer.target.pod}`)
  if (!right || !facts) continue
  const expected = {
    cause: answer.verdict?.cause ?? null,
    confidence: answer.verdict?.confidence ?? null,
    playbook: answer.route?.playbook ?? null,
  }
  writeFileSync(join(target, `${name}.json`), `${JSON.stringify({ expected, saved: compact(facts) })}\n`)
}
