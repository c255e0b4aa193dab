import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { replayWorld } from '../../../src/cli/diagnose/replay.ts'
import { diagnose } from '../../../src/playbooks/image-pull/diagnose.ts'

/** Facts of real clusters, saved by test/e2e/save-scenarios.ts, and the verdict that was right. */
const directory = resolve(import.meta.dirname, '../../fixtures/scenarios')
const fixture = z.object({
  expected: z.object({
    cause: z.string().nullable(),
    confidence: z.string().nullable(),
    playbook: z.string().nullable(),
  }),
  saved: z.unknown(),
})
const names = readdirSync(directory).map((file) => file.replace(/\.json$/, ''))

test('there are enough of them', () => {
  expect(names.length).toBeGreaterThanOrEqual(60)
})

test.each(names)('%s', async (name) => {
  const { expected, saved } = fixture.parse(JSON.parse(readFileSync(join(directory, `${name}.json`), 'utf8')))
  const { pod, world } = replayWorld(JSON.stringify(saved), {
    signal: new AbortController().signal,
    defect: ({ id }, error) => expect.fail(`${id}: ${error}`),
  })
  const { failing, route } = await diagnose(pod, world)
  expect({
    cause: failing[0]?.verdict.cause ?? null,
    confidence: failing[0]?.verdict.confidence ?? null,
    playbook: route?.playbook ?? null,
  }).toEqual(expected)
})
