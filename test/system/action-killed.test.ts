import { describe, expect, test } from 'vitest'
import type { Approval } from '../../src/remediation/approvals/approval.ts'
import { type Acting, acting } from '../support/acting.ts'
import { type ActingCase, actingCases } from '../support/acting-cases.ts'
import { actingRecords } from '../support/acting-records.ts'
import { buttonValue } from '../support/button-value.ts'
import { eventually } from '../support/eventually.ts'
import type { ApiFault } from '../support/faulty-api.ts'
import { kill } from '../support/kill.ts'
import { whyNoRedis } from '../support/redis-server.ts'
import { untilOffered } from '../support/until-offered.ts'
import { written } from '../support/written.ts'

if (whyNoRedis && process.env.REQUIRE_ALL) throw new Error(whyNoRedis)
if (whyNoRedis) console.log(`skipped: ${whyNoRedis}`)

const { failedBuild, stuckPod, stuckPods, hungRegistry } = actingCases

/** Where it dies: while a request is under way, or as soon as something is recorded. */
type Point =
  | (Pick<ApiFault, 'method' | 'path' | 'effect'> & { readonly earlier?: number })
  | { readonly recorded: (approval: Approval) => boolean }

interface Killed extends Acting {
  readonly approval: Approval
  /** What the audit was told of, but who approved it. */
  readonly effects: readonly string[]
}

/** A button is pressed, its worker is killed there, and another one goes on until it ends. */
async function killedAt(of: ActingCase, point: Point): Promise<Killed> {
  const talk = await acting({ redis: true, role: 'web', ...(of === hungRegistry && { imageBackoff: 5_000 }) })
  const first = await talk.workerProcess()
  await untilOffered(talk, of)
  await using records = await actingRecords(talk)
  const id = buttonValue(talk.own(), of.action)
  const there = 'recorded' in point ? undefined : hang(talk, point)
  await talk.press(of.action)
  await ('recorded' in point ? records.until(id, point.recorded) : there)
  await kill(first)
  await talk.worker()
  const ended = await records.until(id, ({ endedAt }) => endedAt !== undefined)
  await talk.hears(/✅ FIXED/)
  await records.until(id, ({ state }) => state === 'done')
  await eventually(async () => (await records.audit()).at(-1)?.what, 'outcome')
  const audit = (await records.audit()).filter(({ what }) => what === 'effect')
  const effects = audit.map(({ target, after }) => `${target.kind} ${target.name} ${after}`)
  return { ...talk, approval: ended, effects }
}

async function hang({ cluster }: Acting, { earlier = 0, ...fault }: Exclude<Point, { recorded: unknown }>) {
  for (let count = 0; count < earlier; count++)
    await new Promise<void>((met) => cluster.meanwhile(fault, async () => met()))
  await cluster.fail({ ...fault, answer: 'hang' })
}

const during = (what: string, method: string, path: RegExp, earlier = 0): readonly (readonly [string, Point])[] =>
  (['before', 'after'] as const).map((effect) => [
    `${what} is under way, ${effect} it took effect`,
    { method, path, effect, earlier },
  ])

const after = (...steps: readonly string[]): readonly (readonly [string, Point])[] =>
  steps.map((step) => [
    `the step ${step} is recorded`,
    { recorded: ({ steps }) => steps.some(({ id, state }) => id === step && state === 'done') },
  ])

const early: readonly (readonly [string, Point])[] = [
  ['it is approved', { recorded: ({ state }) => state === 'approved' }],
  ['it is begun', { recorded: ({ state }) => state === 'executing' }],
]

describe.skipIf(whyNoRedis).concurrent('a worker that is killed ends in one effect', () => {
  test.each([
    ...early,
    ...during('the trial', 'POST', /\/jobs\?.*dryRun/),
    ...during('the creation', 'POST', /\/jobs\?(?!.*dryRun)/),
    ...during('the deletion', 'DELETE', /\/pods\/cart-/),
    ...during('its first look', 'GET', /\/jobs\/cart-build-r[0-9a-f]{8}$/),
    ...during('its fourth look', 'GET', /\/jobs\/cart-build-r[0-9a-f]{8}$/, 3),
    ...after('log', 'dry-run', 'create', 'build', 'image', 'pods'),
  ])('Rerun build: when %s', async (_when, point) => {
    await using talk = await killedAt(failedBuild, point)
    expect(written(talk)).toEqual(['POST jobs', expect.stringMatching(/^DELETE pods\/cart-/)])
    expect(talk.cluster.list('jobs')).toHaveLength(2)
    expect(talk.effects).toEqual([
      expect.stringMatching(/^Job cart-build-r[0-9a-f]{8} created$/),
      expect.stringMatching(/^Pod cart-\S+ deleted$/),
    ])
    expect(talk.own().filter((it) => /^\S+ Rerun build · @maya/.test(talk.slack.plainText(it)))).toHaveLength(1)
  })

  test.each([...early, ...during('the deletion', 'DELETE', /\/pods\/db-0/), ...after('pods')])(
    'Delete stuck pod, of a StatefulSet: when %s',
    async (_when, point) => {
      await using talk = await killedAt(stuckPod, point)
      expect(written(talk)).toEqual(['DELETE pods/db-0'])
      expect(talk.effects).toEqual(['Pod db-0 deleted'])
      await talk.hears(/Deleting the stuck pod: 1 pod deleted/)
    },
  )

  test.each([
    ...during('the first deletion', 'DELETE', /\/pods\/web-/),
    ...during('the second deletion', 'DELETE', /\/pods\/web-/, 1),
    ...after('pods'),
  ])('Delete 3 stuck pods: when %s', async (_when, point) => {
    await using talk = await killedAt(stuckPods, point)
    const { pods } = talk.approval.plan.details as { readonly pods: readonly { readonly name: string }[] } // its own
    const deleted = written(talk)
    expect(new Set(deleted).size).toBe(deleted.length)
    expect(pods.map(({ name }) => `DELETE pods/${name}`)).toEqual(expect.arrayContaining([...deleted]))
    expect(talk.effects.toSorted()).toEqual(
      deleted.map((it) => `${it.replace('DELETE pods/', 'Pod ')} deleted`).toSorted(),
    )
  })

  test.each([
    ...early,
    ...during('the patch', 'PATCH', /\/deployments\/registry/),
    ...after('restart', 'rolled-out', 'answers'),
  ])('Restart registry: when %s', async (_when, point) => {
    await using talk = await killedAt(hungRegistry, point)
    expect(written(talk)).toEqual(['PATCH deployments/registry'])
    const [registry] = talk.cluster.list('deployments').filter(({ metadata }) => metadata.name === 'registry')
    expect(registry?.metadata.annotations['imagepull.dev/restarts']?.split(',')).toHaveLength(1)
    expect(talk.effects).toEqual(['Deployment registry its pods are replaced'])
  })
})
