import { describe, expect, test } from 'vitest'
import { newImage } from '../../src/demo/sample/manifests.ts'
import type { Approval } from '../../src/remediation/approvals/approval.ts'
import { acting } from '../support/acting.ts'
import { type ActingCase, actingCases } from '../support/acting-cases.ts'
import { registryHost } from '../support/acting-cluster.ts'
import { actingRecords } from '../support/acting-records.ts'
import { actionWorkspace } from '../support/action-workspace.ts'
import { buttonValue } from '../support/button-value.ts'
import { type Between, pressedThen } from '../support/pressed-then.ts'
import { whyNoRedis } from '../support/redis-server.ts'
import { untilOffered } from '../support/until-offered.ts'
import { written } from '../support/written.ts'

const { maya, ada, ben } = actionWorkspace
const { failedBuild, stuckPod, hungRegistry, badRelease } = actingCases

if (whyNoRedis && process.env.REQUIRE_ALL) throw new Error(whyNoRedis)
if (whyNoRedis) console.log(`skipped: ${whyNoRedis}`)

const image = (name: string): string => `${registryHost}/${name}`

type Row = readonly [
  what: string,
  of: ActingCase,
  meanwhile: (of: Between) => unknown,
  says: RegExp,
  changed: object | undefined,
]

describe.skipIf(whyNoRedis).concurrent('between the click and the act', () => {
  const rows: readonly Row[] = [
    [
      'the pod was made anew, with the same name',
      stuckPod,
      async ({ talk }) => {
        talk.cluster.unpush('db')
        await talk.cluster.replacePod('db-0')
        talk.cluster.push('db', '1')
      },
      /Pod db-0 was replaced in the meantime\./,
      undefined,
    ],
    [
      'the image went away',
      stuckPod,
      ({ talk }) => talk.cluster.unpush('db'),
      /The verdict changed|the registry does not have the image/,
      undefined,
    ],
    [
      'somebody pushed the image',
      failedBuild,
      ({ talk }) => talk.cluster.push('cart', 'latest'),
      /The verdict changed to .*; this action no longer applies\./,
      undefined,
    ],
    [
      'the build was changed',
      failedBuild,
      ({ talk }) =>
        talk.cluster.apply(
          JSON.stringify({
            ...{ apiVersion: 'batch/v1', kind: 'Job' },
            metadata: { namespace: 'shop', name: 'cart-build', annotations: { team: 'shop' } },
          }),
        ),
      /The object has changed since this was offered\./,
      undefined,
    ],
    [
      'the registry was changed',
      hungRegistry,
      ({ talk }) =>
        talk.cluster.apply(
          JSON.stringify({
            ...{ apiVersion: 'apps/v1', kind: 'Deployment' },
            metadata: { namespace: 'infra', name: 'registry' },
            spec: { revisionHistoryLimit: 3 },
          }),
        ),
      /The object has changed since this was offered\./,
      undefined,
    ],
    [
      'the release was changed again',
      badRelease,
      ({ talk }) => talk.cluster.apply(newImage('shop', 'web', image('web:3'))),
      /The object has changed since this was offered\.|was replaced in the meantime|The verdict changed/,
      undefined,
    ],
    [
      'the configuration no longer allows it',
      failedBuild,
      () => undefined,
      /The approver no longer has permission\./,
      { permissions: [{ action: '*', clusters: ['*'], namespaces: ['*'], users: [ada] }] },
    ],
    [
      'the channel is no longer for actions',
      failedBuild,
      () => undefined,
      /The approver no longer has permission\./,
      { channels: [{ id: actionWorkspace.incidents, may: ['commands'] }] },
    ],
  ]
  test.each(rows)('%s: not done', async (_name, of, meanwhile, says, changed) => {
    await using talk = await pressedThen(of, meanwhile, changed)
    const reply = talk.slack.plainText(await talk.hears(/⚪ .* · @maya/))
    expect(reply).toContain('Not done. Nothing was changed.')
    expect(reply).toMatch(says)
    expect(written(talk)).toEqual([])
  })
})

describe.skipIf(whyNoRedis).concurrent('somebody who can write to the store', () => {
  // Long enough ago that its job counts as lost.
  const by = (user: string) => ({ user, team: 'T0LOCAL0001', at: new Date(Date.now() - 60_000).toISOString() })
  const rows: readonly (readonly [string, ActingCase, (before: Approval) => object])[] = [
    ['puts another pod into it', stuckPod, (it) => ({ ...it, plan: { ...it.plan, details: { pod: otherPod } } })],
    ['puts another namespace into it', failedBuild, (it) => ({ ...it, plan: { ...it.plan, namespace: 'infra' } })],
    ['puts another person into it', failedBuild, (it) => ({ ...it, decidedBy: by(ada) })],
    ['puts another channel into it', failedBuild, (it) => ({ ...it, channel: actionWorkspace.lobby })],
    ['puts another action into it', failedBuild, (it) => ({ ...it, plan: { ...it.plan, action: 'mute' } })],
    ['puts a seal of their own on it', failedBuild, (it) => ({ ...it, seal: 'A'.repeat(it.seal.length) })],
  ]
  const otherPod = { namespace: 'infra', name: 'registry-0', uid: 'x', owner: 'ReplicaSet registry', node: 'node-1' }

  test.each(rows)('%s: not done', async (_name, of, change) => {
    await using talk = await pressedThen(of, ({ records, id }) => records.forge(id, change))
    await talk.hears(/⚪[\s\S]*Not done\. Nothing was changed\. The approval.s signature is invalid\./)
    expect(written(talk)).toEqual([])
  })

  test('approves what was only asked for: not done', async () => {
    await using talk = await acting({ redis: true, role: 'web' })
    const worker = await talk.worker()
    await untilOffered(talk, failedBuild)
    await using records = await actingRecords(talk)
    const id = buttonValue(talk.own(), failedBuild.action)
    await talk.press(failedBuild.action, ben)
    const ephemeral = await talk.told(ben, /is for @platform-oncall/)
    await worker.stop()
    await talk.slack.press({ user: ben, ephemeral, actionId: 'imagepull:ask-them' })
    await records.until(id, ({ state }) => state === 'pending')
    await records.forge(id, (before) => ({ ...before, state: 'approved', decidedBy: by(maya) }))
    await talk.worker()
    await talk.hears(/⚪[\s\S]*The approval.s signature is invalid\./)
    expect(written(talk)).toEqual([])
  })

  test('changes it while it is executed: nothing more is done', async () => {
    await using talk = await acting({ redis: true })
    await untilOffered(talk, failedBuild)
    await using records = await actingRecords(talk)
    const id = buttonValue(talk.own(), failedBuild.action)
    talk.cluster.meanwhile({ method: 'POST', path: /\/jobs\?(?!.*dryRun)/ }, () =>
      records.forge(id, (it) => {
        const details = { ...(it.plan.details as object), pods: [otherPod] } // of a rerun
        return { ...it, plan: { ...it.plan, details } }
      }),
    )
    await talk.press(failedBuild.action)
    await talk.hears(/🔴 Rerun build[\s\S]*The approval.s signature is invalid\. Nothing more is done\./)
    expect(written(talk)).toEqual(['POST jobs'])
  })
})

describe.skipIf(whyNoRedis).concurrent('rights of its own', () => {
  const rows = [
    ['Rerun build', failedBuild, { verb: 'create', resource: 'jobs' }, 'create jobs.batch in shop'],
    ['Delete stuck pod', stuckPod, { verb: 'delete', resource: 'pods' }, 'delete pods in shop'],
    ['Restart registry', hungRegistry, { verb: 'patch', resource: 'deployments' }, 'patch deployments.apps in infra'],
    ['Roll back', badRelease, { verb: 'patch', resource: 'deployments' }, 'patch deployments.apps in shop'],
  ] as const

  test.each(rows)('%s: taken away between offer and click', async (_label, of, rule, words) => {
    await using talk = await acting({ redis: true })
    await untilOffered(talk, of)
    talk.cluster.forbid(rule)
    await talk.press(of.action)
    const reply = await talk.hears(/⚪[\s\S]*Not done\. Nothing was changed\./)
    expect(talk.slack.plainText(reply)).toContain(`not allowed to ${words}`)
    expect(written(talk)).toEqual([])
  })

  test.each(rows)('%s: never there, so no button, and it is said why', async (label, { fail, target }, rule, words) => {
    await using talk = await acting({ redis: true })
    await fail(talk.cluster)
    talk.cluster.forbid(rule)
    await talk.ask(target)
    await talk.hears(new RegExp(`Actions not offered[\\s\\S]*${label}: not allowed to ${words}`))
    expect(talk.says()).not.toContain(`[${label}`)
  })

  test('to delete pods are missing after a build: they try again by themselves', async () => {
    await using talk = await acting({ redis: true, imageBackoff: 5_000 })
    await untilOffered(talk, failedBuild)
    talk.cluster.forbid({ verb: 'delete', resource: 'pods' })
    await talk.press(failedBuild.action)
    await talk.hears(/✅ FIXED/)
    expect(talk.says()).toMatch(/left to try again by themselves: not allowed to delete them|recovered meanwhile/)
    expect(written(talk)).toEqual(['POST jobs'])
  })
})
