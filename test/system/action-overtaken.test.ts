import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { deployment, replicas } from '../../src/demo/sample/manifests.ts'
import { type Acting, acting } from '../support/acting.ts'
import { actingCases } from '../support/acting-cases.ts'
import { buildManifest, registryHost } from '../support/acting-cluster.ts'
import { actingRecords } from '../support/acting-records.ts'
import { actionWorkspace } from '../support/action-workspace.ts'
import { buttonValue } from '../support/button-value.ts'
import { forgePress } from '../support/forge-press.ts'
import { pressedThen } from '../support/pressed-then.ts'
import { whyNoRedis } from '../support/redis-server.ts'
import { until } from '../support/running-app.ts'
import { untilOffered } from '../support/until-offered.ts'
import { written } from '../support/written.ts'

const { maya, oncall } = actionWorkspace
const { failedBuild, stuckPods, hungRegistry } = actingCases

if (whyNoRedis && process.env.REQUIRE_ALL) throw new Error(whyNoRedis)
if (whyNoRedis) console.log(`skipped: ${whyNoRedis}`)

const creation = { method: 'POST', path: /\/jobs\?(?!.*dryRun)/ } as const

function remove({ cluster }: Pick<Acting, 'cluster'>, path: string): Promise<unknown> {
  return cluster.handle({ method: 'DELETE', path, headers: {}, body: '' })
}

describe.skipIf(whyNoRedis).concurrent('an old button', () => {
  test('of an incident that is over', async () => {
    await using talk = await acting({ redis: true })
    const message = await untilOffered(talk, failedBuild)
    const forge = await forgePress(talk.slack, { message, user: maya })
    const value = buttonValue([message], failedBuild.action)
    await remove(talk, '/apis/apps/v1/namespaces/shop/deployments/cart')
    await talk.hears(/⚪ GONE[\s\S]*No pod is left to pull the image/)
    await forge({ user: maya, action: failedBuild.action, value })
    await talk.told(maya, /^This button is out of date and no longer does anything\.[\s\S]*\[Check again\]/)
    expect(written(talk)).toEqual([])
  })

  test('of something that is not offered any more', async () => {
    await using talk = await acting({ redis: true })
    const message = await untilOffered(talk, failedBuild)
    const forge = await forgePress(talk.slack, { message, user: maya })
    const value = buttonValue([message], failedBuild.action)
    talk.cluster.push('cart', 'latest')
    await talk.press('check-again')
    await talk.hears(/\[Delete stuck pod\]/)
    await forge({ user: maya, action: failedBuild.action, value })
    await talk.told(maya, /^Rerun build is no longer available because the situation changed\./)
    expect(written(talk)).toEqual([])
  })
})

describe.skipIf(whyNoRedis).concurrent('somebody else is quicker', () => {
  test('and runs a build of that image: not another beside it', async () => {
    const other = buildManifest('cart', 'good').replace('cart-build', 'cart-by-hand').replace('kaniko:1', 'kaniko:none')
    await using talk = await pressedThen(failedBuild, ({ talk }) => talk.cluster.apply(other))
    await talk.hears(
      /⚪[\s\S]*Not done\. Nothing was changed\. (?:Job shop\/cart-by-hand is already building it|The verdict changed to Build (?:not finished|cannot start))/,
    )
    expect(written(talk)).toEqual([])
  })

  test('and changes the build after it was tried: it is not made', async () => {
    await using talk = await acting({ redis: true })
    await untilOffered(talk, failedBuild)
    talk.cluster.meanwhile({ method: 'POST', path: /\/jobs\?.*dryRun/ }, () => {
      const metadata = { namespace: 'shop', name: 'cart-build', annotations: { team: 'other' } }
      return talk.cluster.apply(JSON.stringify({ apiVersion: 'batch/v1', kind: 'Job', metadata }))
    })
    await talk.press(failedBuild.action)
    await talk.hears(/🔴 Rerun build[\s\S]*The source of the build has changed or is gone\. Nothing was done\./)
    expect(written(talk)).toEqual([])
  })

  test('and deletes the new build, whose creation was not heard of: it is not made again', async () => {
    await using talk = await acting({ redis: true })
    await untilOffered(talk, failedBuild)
    const { cluster } = talk
    const name = () =>
      cluster.list('jobs').find(({ metadata }) => metadata.name.startsWith('cart-build-r'))?.metadata.name
    const met = cluster.fail({ ...creation, effect: 'after', answer: 503 })
    const look = { method: 'GET', path: /\/jobs\/cart-build-r[0-9a-f]{8}$/ } as const
    await talk.press(failedBuild.action)
    await met
    cluster.meanwhile(look, async () => {
      await cluster.until('its pod is told of', () =>
        cluster
          .list('events')
          .some(({ involvedObject }) => involvedObject.kind === 'Job' && involvedObject.name === name()),
      )
      await remove(talk, `/apis/batch/v1/namespaces/shop/jobs/${name()}?propagationPolicy=Background`)
    })
    await talk.hears(/🔴 Rerun build[\s\S]*was created, and somebody deleted it\./)
    expect(written(talk)).toEqual(['POST jobs'])
  })

  test('and makes the registry anew, with the same name: that one is not restarted', async () => {
    await using talk = await acting({ redis: true })
    await untilOffered(talk, hungRegistry)
    const path = '/apis/apps/v1/namespaces/infra/deployments/registry'
    talk.cluster.meanwhile({ method: 'PATCH', path: /\/deployments\/registry/ }, async () => {
      const object = JSON.parse((await talk.cluster.handle({ method: 'GET', path, headers: {}, body: '' })).body)
      await remove(talk, path)
      const { uid: _, resourceVersion: _version, managedFields: _fields, ...metadata } = object.metadata
      await talk.cluster.apply(JSON.stringify({ ...object, metadata, status: undefined }))
    })
    await talk.press(hungRegistry.action)
    await talk.hears(
      /🔴 Restart registry[\s\S]*Deployment infra\/registry is gone or was replaced\. Nothing was done\./,
    )
    expect(written(talk)).toEqual([])
  })
})

test.skipIf(whyNoRedis)('pods of a namespace where the person may not are left alone', async () => {
  const permissions = [{ action: '*', clusters: ['*'], namespaces: ['shop'], groups: [oncall] }]
  await using talk = await acting({ redis: true, configuration: { permissions } })
  const { cluster } = talk
  await cluster.failedBuild()
  await cluster.apply(deployment({ namespace: 'infra', name: 'cart', image: `${registryHost}/cart:latest` }))
  await cluster.until('both are told that there is no such image', () => {
    const missing = cluster
      .list('pods')
      .filter(({ status }) => /not found/.test(JSON.stringify(status.containerStatuses)))
    return missing.length === 2
  })
  await talk.ask('shop/cart')
  await talk.hears(failedBuild.button)
  await talk.hears(/2 workloads/)
  await talk.press('check-again')
  await until('both would be deleted', () => JSON.stringify(talk.own()).includes('I delete the 2 stuck pods'))
  await talk.press(failedBuild.action)
  await talk.hears(/1 pod left to try again by themselves: not allowed to delete them/)
  expect(cluster.writes.filter(({ path }) => path.includes('/infra/'))).toEqual([])
})

test.skipIf(whyNoRedis)('a pod that joins those that are stuck after the click is not among them', async () => {
  const before = new Set<string>()
  let joined = ''
  await using talk = await pressedThen(stuckPods, async ({ talk: { cluster } }) => {
    const names = () => cluster.list('pods').map(({ metadata }) => metadata.name)
    for (const name of names()) before.add(name)
    cluster.unpush('web')
    await cluster.apply(replicas('shop', 'web', 4))
    await cluster.until(
      'another is stuck',
      () =>
        cluster.list('pods').filter(({ status }) => /not found/.test(JSON.stringify(status.containerStatuses)))
          .length === 4,
    )
    joined = names().find((name) => !before.has(name)) ?? ''
    cluster.push('web', '1')
  })
  await talk.hears(/Deleting the stuck pods: [^,]*$|Deleting the stuck pods: (?!.*to go)/m)
  await talk.hears(/✅|🔴 Delete/)
  expect(joined).toMatch(/^web-/)
  expect(written(talk)).not.toContain(`DELETE pods/${joined}`)
  expect(written(talk).length).toBeLessThanOrEqual(3)
})

test.skipIf(whyNoRedis)('a worker that stood still, and wakes up when another has done it', async () => {
  await using talk = await acting({ redis: true, role: 'web' })
  await using records = await actingRecords(talk)
  const sleeper = await talk.workerProcess()
  await untilOffered(talk, failedBuild)
  const id = buttonValue(talk.own(), failedBuild.action)
  const { promise: wakes, resolve: wake } = Promise.withResolvers<void>()
  const { promise: asleep, resolve: fallen } = Promise.withResolvers<void>()
  // It has asked whether the Job is there, and hears the answer of then when all is over.
  talk.cluster.thereafter({ method: 'POST', path: /\/jobs\?.*dryRun/ }, async () =>
    talk.cluster.thereafter({ method: 'GET', path: /\/jobs\/cart-build-r[0-9a-f]{8}$/ }, async () => {
      sleeper.kill('SIGSTOP')
      fallen()
      await wakes
    }),
  )
  await talk.press(failedBuild.action)
  await asleep
  await talk.worker()
  await records.until(id, ({ state }) => state === 'done')
  wake()
  sleeper.kill('SIGCONT')
  await sleep(3_000) // in which it would do it again
  expect(written(talk)).toEqual(['POST jobs', expect.stringMatching(/^DELETE pods\/cart-/)])
  await talk.hears(/✅ FIXED/)
})
