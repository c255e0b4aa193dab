import { describe, expect, test } from 'vitest'
import { acting, quickTiming } from '../support/acting.ts'
import { type ActingCase, actingCases } from '../support/acting-cases.ts'
import { actingRecords } from '../support/acting-records.ts'
import { buttonValue } from '../support/button-value.ts'
import { eventually } from '../support/eventually.ts'
import { whyNoRedis } from '../support/redis-server.ts'
import { untilOffered } from '../support/until-offered.ts'
import { written } from '../support/written.ts'

if (whyNoRedis && process.env.REQUIRE_ALL) throw new Error(whyNoRedis)
if (whyNoRedis) console.log(`skipped: ${whyNoRedis}`)

const { failedBuild, stuckPod, hungRegistry, badRelease } = actingCases

/** An answer that says nothing certain of what became of the write. */
const answers = [
  ['500', 500],
  ['503', 503],
  ['504, that it took too long', 504],
  ['409, that it is another by now', 409],
] as const
const effects = ['before', 'after'] as const

const writes = [
  ['the Job', failedBuild, 'POST', /\/jobs\?(?!.*dryRun)/, ['POST jobs', /^DELETE pods\/cart-/]],
  ['the pod after the build', failedBuild, 'DELETE', /\/pods\/cart-/, ['POST jobs', /^DELETE pods\/cart-/]],
  ['the pod', stuckPod, 'DELETE', /\/pods\/db-0/, ['DELETE pods/db-0']],
  ['the registry', hungRegistry, 'PATCH', /\/deployments\/registry/, ['PATCH deployments/registry']],
  ['the image', badRelease, 'PATCH', /\/deployments\/web/, ['PATCH deployments/web']],
] as const satisfies readonly (readonly [string, ActingCase, string, RegExp, readonly (string | RegExp)[]])[]

const rows = writes.flatMap(([what, of, method, path, expected]) =>
  answers.flatMap(([said, answer]) =>
    effects.map((effect) => ({ what, of, method, path, expected, said, answer, effect })),
  ),
)

describe.skipIf(whyNoRedis).concurrent('an API server that answers a write with', () => {
  test.each(rows)(
    '$said, of $what, $effect it took effect: one effect',
    async ({ of, method, path, expected, answer, effect }) => {
      await using talk = await acting({ redis: true, ...(of === hungRegistry && { imageBackoff: 5_000 }) })
      await using records = await actingRecords(talk)
      await untilOffered(talk, of)
      const id = buttonValue(talk.own(), of.action)
      const met = talk.cluster.fail({ method, path, effect, answer })
      await talk.press(of.action)
      await met
      await records.until(id, ({ state }) => state === 'done')
      await talk.hears(/✅ FIXED|No pod is left to pull the image/)
      expect(written(talk)).toEqual(expected.map((it) => (typeof it === 'string' ? it : expect.stringMatching(it))))
      const audited = async () => (await records.audit()).filter(({ what }) => what === 'effect').length
      // Of a deletion that it says it did not do, the audit believes it.
      const disowned = method === 'DELETE' && answer === 409 && effect === 'after'
      await eventually(audited, expected.length - (disowned ? 1 : 0))
    },
  )

  test.each([
    ['403', 403, /not allowed|refuses the Job|Not allowed/],
    ['422', 422, /The API server refuses the Job/],
  ] as const)('%s, of the Job: it is over, and nothing is tried again', async (_said, answer, says) => {
    await using talk = await acting({ redis: true })
    await untilOffered(talk, failedBuild)
    const met = talk.cluster.fail({ method: 'POST', path: /\/jobs\?(?!.*dryRun)/, effect: 'before', answer })
    await talk.press(failedBuild.action)
    await met
    const reply = await talk.hears(/🔴 Rerun build/)
    expect(talk.slack.plainText(reply)).toMatch(says)
    expect(written(talk)).toEqual([])
  })

  test('503 for ever: it is given up after a time, and that is said', async () => {
    await using talk = await acting({ redis: true, timing: { ...quickTiming, patience: 1_500 } })
    await untilOffered(talk, failedBuild)
    for (let times = 0; times < 200; times++)
      void talk.cluster.fail({ method: 'POST', path: /\/jobs\?(?!.*dryRun)/, effect: 'before', answer: 503 })
    await talk.press(failedBuild.action)
    await talk.hears(/🔴 Rerun build[\s\S]*the API server is overloaded/)
    expect(written(talk)).toEqual([])
  })
})
