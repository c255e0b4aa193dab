import { describe, expect, test } from 'vitest'
import { deployment, newImage } from '../../src/demo/sample/manifests.ts'
import { acting } from '../support/acting.ts'
import { type ActingCase, actingCases } from '../support/acting-cases.ts'
import { registryHost } from '../support/acting-cluster.ts'
import { actingRecords } from '../support/acting-records.ts'
import { actionWorkspace } from '../support/action-workspace.ts'
import { buttonValue } from '../support/button-value.ts'
import { forgePress } from '../support/forge-press.ts'
import { whyNoRedis } from '../support/redis-server.ts'
import { untilOffered } from '../support/until-offered.ts'
import { written } from '../support/written.ts'

const { ada } = actionWorkspace
const { failedBuild, stuckPod, hungRegistry, badRelease } = actingCases

if (whyNoRedis && process.env.REQUIRE_ALL) throw new Error(whyNoRedis)
if (whyNoRedis) console.log(`skipped: ${whyNoRedis}`)

describe.skipIf(whyNoRedis).concurrent('between the last look and the change', () => {
  const deletion = { method: 'DELETE', path: /\/pods\/db-0/ } as const

  test('the pod is made anew, with the same name: that one is not touched', async () => {
    await using talk = await acting({ redis: true })
    await untilOffered(talk, stuckPod)
    talk.cluster.meanwhile(deletion, async () => {
      talk.cluster.unpush('db')
      await talk.cluster.replacePod('db-0')
    })
    await talk.press(stuckPod.action)
    await talk.hears(/1 pod replaced meanwhile, not touched/)
    expect(written(talk)).toEqual([])
  })

  test('its owner lets go of it, so that nothing would make it again: it is left alone', async () => {
    await using talk = await acting({ redis: true })
    await untilOffered(talk, stuckPod)
    talk.cluster.meanwhile(deletion, async () => {
      talk.cluster.store.update('pods', { namespace: 'shop', name: 'db-0' }, (pod) => ({
        ...pod,
        metadata: { ...pod.metadata, ownerReferences: [] },
      }))
    })
    await talk.press(stuckPod.action)
    await talk.hears(/1 pod (?:recovered|replaced) meanwhile, not touched/)
    expect(written(talk)).toEqual([])
  })

  test('the registry gets other storage: it is not restarted', async () => {
    await using talk = await acting({ redis: true })
    await untilOffered(talk, hungRegistry)
    talk.cluster.meanwhile({ method: 'PATCH', path: /\/deployments\/registry/ }, async () => {
      const volumes = [{ name: 'storage', persistentVolumeClaim: null, emptyDir: {} }]
      const metadata = { namespace: 'infra', name: 'registry' }
      const spec = { template: { spec: { volumes } } }
      await talk.cluster.apply(JSON.stringify({ apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec }))
    })
    await talk.press(hungRegistry.action)
    await talk.hears(
      /🔴 Restart registry[\s\S]*Deployment infra\/registry was changed in the meantime\. Nothing was done\./,
    )
    expect(written(talk)).toEqual([])
  })

  test('the workload gets another image: it is not rolled back', async () => {
    await using talk = await acting({ redis: true })
    await untilOffered(talk, badRelease)
    talk.cluster.meanwhile({ method: 'PATCH', path: /\/deployments\/web/ }, () =>
      talk.cluster.apply(newImage('shop', 'web', `${registryHost}/web:3`)),
    )
    await talk.press(badRelease.action)
    await talk.hears(/🔴 Roll back[\s\S]*The image is now \S+\/web:3, and no longer \S+\/web:2\. Nothing was done\./)
    expect(written(talk)).toEqual([])
  })

  test('somebody makes a Job of that very name: it is not taken for the own one', async () => {
    await using talk = await acting({ redis: true })
    await untilOffered(talk, failedBuild)
    talk.cluster.meanwhile({ method: 'POST', path: /\/jobs\?(?!.*dryRun)/ }, async () => {
      const step = JSON.stringify(talk.cluster.trials.at(-1)?.body ?? '')
      const [name = ''] = /cart-build-r[0-9a-f]{8}/.exec(step) ?? []
      const spec = {
        template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'registry.test:5000/base:1' }] } },
      }
      await talk.cluster.apply(
        JSON.stringify({ apiVersion: 'batch/v1', kind: 'Job', metadata: { namespace: 'shop', name }, spec }),
      )
    })
    await talk.press(failedBuild.action)
    await talk.hears(/🔴 Rerun build[\s\S]*There is another Job shop\/cart-build-r[0-9a-f]{8}\. Nothing was done\./)
    expect(written(talk)).toEqual([])
  })
})

/** A build that failed, of an image that had one before: two buttons change the cluster. */
const both: ActingCase = {
  ...failedBuild,
  async fail(cluster) {
    cluster.push('cart', 'before')
    await cluster.apply(deployment({ namespace: 'shop', name: 'cart', image: `${registryHost}/cart:before` }))
    const runs = () =>
      cluster.list('deployments').some(({ metadata, status }) => metadata.name === 'cart' && status.readyReplicas === 1)
    await cluster.until('it runs', runs)
    await cluster.failedBuild()
  },
  button: /\[Rerun build\] \[Roll back\]/,
}

describe.skipIf(whyNoRedis).concurrent('two buttons of one incident', () => {
  test('one after the other: the second is told what is under way', async () => {
    await using talk = await acting({ redis: true })
    await untilOffered(talk, both)
    const message = await talk.hears(/\[Roll back\]/)
    const press = await forgePress(talk.slack, { message, user: ada }) // as she still sees it
    const value = buttonValue(talk.own(), 'roll-back')
    const met = talk.cluster.fail({ method: 'POST', path: /\/jobs\?(?!.*dryRun)/, effect: 'before', answer: 503 })
    await talk.press('rerun-build')
    await met
    await press({ user: ada, action: 'roll-back', value })
    await talk.told(
      ada,
      /^Rerun build by @maya is already running for this incident\. Try again when it has finished\./,
    )
    await talk.hears(/✅ Rerun build/)
    expect(written(talk).filter((it) => it.startsWith('PATCH'))).toEqual([])
  })

  test('at once, and each process saw neither: only one is done', async () => {
    await using talk = await acting({ redis: true, role: 'web' })
    const worker = await talk.worker()
    await untilOffered(talk, both)
    await worker.stop()
    await using records = await actingRecords(talk)
    const [rerun, back] = [buttonValue(talk.own(), 'rerun-build'), buttonValue(talk.own(), 'roll-back')]
    await talk.press('rerun-build')
    const { incident } = await records.until(rerun, ({ state }) => state === 'approved')
    await records.forget(incident)
    await talk.press('roll-back', ada)
    await records.until(back, ({ state }) => state === 'approved')
    await talk.worker()
    const [one, other] = await Promise.all(
      [rerun, back].map((id) => records.until(id, ({ endedAt }) => endedAt !== undefined)),
    )
    expect([one?.state, other?.state].toSorted()).toEqual(['done', 'refused'])
    expect(written(talk)).toEqual(
      one?.state === 'done' ? ['POST jobs', expect.stringMatching(/^DELETE pods/)] : ['PATCH deployments/cart'],
    )
  })
})

describe.skipIf(whyNoRedis).concurrent('one approval, two workers', () => {
  test('that both have its job: each request is sent once', async () => {
    await using talk = await acting({ redis: true })
    await talk.worker()
    await untilOffered(talk, failedBuild)
    await talk.press(failedBuild.action)
    await talk.hears(/✅ FIXED/)
    expect(talk.cluster.trials.filter(({ path }) => path.includes('/jobs'))).toHaveLength(1)
    expect(written(talk)).toEqual(['POST jobs', expect.stringMatching(/^DELETE pods\/cart-/)])
  })
})
