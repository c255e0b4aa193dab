import { describe, expect, test } from 'vitest'
import { deployment } from '../../src/demo/sample/manifests.ts'
import { evidenceRecords } from '../../src/remediation/execution/audit.ts'
import { type Acting, acting, quickTiming } from '../support/acting.ts'
import { actingCases } from '../support/acting-cases.ts'
import { type ActingCluster, registryHost } from '../support/acting-cluster.ts'
import { actingRecords } from '../support/acting-records.ts'
import { actionWorkspace } from '../support/action-workspace.ts'
import { buttonValue } from '../support/button-value.ts'
import { whyNoRedis } from '../support/redis-server.ts'
import { untilOffered } from '../support/until-offered.ts'
import { written } from '../support/written.ts'

if (whyNoRedis && process.env.REQUIRE_ALL) throw new Error(whyNoRedis)
if (whyNoRedis) console.log(`skipped: ${whyNoRedis}`)

const { oncall } = actionWorkspace
const { hungRegistry } = actingCases

async function stuck(cluster: ActingCluster, replicas: number): Promise<void> {
  // Always: that another pod has pulled it meanwhile helps none.
  const container = { imagePullPolicy: 'Always' }
  await cluster.apply(
    deployment({ namespace: 'shop', name: 'web', image: `${registryHost}/web:1`, replicas, container }),
  )
  const missing = () =>
    cluster.list('pods').filter(({ status }) => /not found/.test(JSON.stringify(status.containerStatuses)))
  await cluster.until('all are told that there is no such image', () => missing().length === replicas)
  cluster.push('web', '1')
}

describe.skipIf(whyNoRedis).concurrent('many stuck pods', () => {
  test('45: twenty at a time, in their order, and one that is replaced meanwhile is left alone', async () => {
    await using talk = await acting({ redis: true, timing: { ...quickTiming, batch: 1_000 } })
    const { cluster } = talk
    await using records = await actingRecords(talk)
    await stuck(cluster, 45)
    await talk.ask('shop/web')
    await talk.hears(/\[Delete 45 stuck pods\]/)
    const id = buttonValue(talk.own(), 'delete-stuck-pods')
    const counts: number[] = []
    const names = cluster.list('pods').flatMap(({ metadata }) => (metadata.labels.app === 'web' ? [metadata.name] : []))
    const last = names.toSorted().at(-1) ?? ''
    cluster.meanwhile({ method: 'DELETE', path: /\/pods\/web-/ }, async () => {
      const path = `/api/v1/namespaces/shop/pods/${last}`
      await cluster.handle({ method: 'DELETE', path, headers: {}, body: '{"gracePeriodSeconds":0}' })
    })
    await talk.press('delete-stuck-pods')
    await records.until(id, ({ steps }) => {
      const words = JSON.stringify(steps.find((it) => it.id === 'pods')?.result ?? '')
      const left = /(\d+)[^\d]+to go/.exec(words)?.[1]
      if (left && counts.at(-1) !== Number(left)) counts.push(Number(left))
      return steps.some((it) => it.id === 'pods' && it.state === 'done')
    })
    const sizes = [45, ...counts, 0].slice(1).map((left, index) => ([45, ...counts][index] ?? 0) - left)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(20) // fewer where a pod changed under the hand
    expect(sizes.length).toBeGreaterThanOrEqual(3)
    await talk.hears(/✅ FIXED/)
    const { incident, plan } = await records.until(id, () => true)
    const { pods } = plan.details as { readonly pods: readonly { readonly name: string }[] } // its own
    const deleted = written(talk).map((it) => it.replace('DELETE pods/', ''))
    expect(new Set(deleted).size).toBe(deleted.length)
    expect(deleted).not.toContain(last)
    const order = pods.map(({ name }) => name)
    for (const [index, name] of deleted.entries()) expect(Math.abs(order.indexOf(name) - index)).toBeLessThanOrEqual(20)
    const kept = await evidenceRecords(records.store).of(incident)
    expect(kept.map(({ name }) => name).toSorted()).toEqual(deleted.toSorted())
    expect(kept[0]?.content).toContain('not found')
  })
})

/** As this program left it after so many restarts. */
async function restarted(cluster: ActingCluster, ages: readonly number[]): Promise<void> {
  const at = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString()
  const value = ages.map((hours, index) => `${at(hours)}/${'A'.repeat(21)}${index}`).join(',')
  const metadata = { namespace: 'infra', name: 'registry', annotations: { 'imagepull.dev/restarts': value } }
  await cluster.apply(JSON.stringify({ apiVersion: 'apps/v1', kind: 'Deployment', metadata }))
}

async function asked(talk: Acting): Promise<void> {
  await hungRegistry.fail(talk.cluster)
  await talk.ask(hungRegistry.target)
}

describe.skipIf(whyNoRedis).concurrent('a registry', () => {
  test('is restarted the third time in the window, and not the fourth: then it is for those on call', async () => {
    await using talk = await acting({ redis: true })
    await restarted(talk.cluster, [30, 3, 2])
    await asked(talk)
    await talk.hears(/\[Restart registry \(3 of 3\)\]/)
    await using other = await acting({ redis: true })
    await restarted(other.cluster, [30, 3, 2, 1])
    await asked(other)
    await other.hears(
      /Actions not offered[\s\S]*It was restarted 3 times already, so another restart will not repair it\. Escalate instead\./,
    )
    expect(other.says()).not.toContain('[Restart registry')
    await other.hears(/\[Escalate\]/)
    await other.press('escalate')
    const called = await other.hears(/✅ Escalate/)
    expect(called.mentions.map(({ id }) => id)).toContain(oncall)
    expect(written(other)).toEqual([])
  })

  test('that was restarted three times since the click is not restarted again', async () => {
    await using talk = await acting({ redis: true })
    await untilOffered(talk, hungRegistry)
    await restarted(talk.cluster, [3, 2, 1])
    await talk.press(hungRegistry.action)
    await talk.hears(/⚪[\s\S]*Not done\. Nothing was changed\. It was restarted 3 times already/)
    expect(written(talk)).toEqual([])
  })

  test('whose images live in its pod is never restarted', async () => {
    await using talk = await acting({ redis: true, storage: { emptyDir: {} } })
    await asked(talk)
    await talk.hears(
      /Actions not offered[\s\S]*Restart registry: images live in the pod \(emptyDir\), and a restart would lose all/,
    )
    expect(talk.says()).not.toContain('[Restart registry')
  })

  test('whose own image is in itself is never restarted', async () => {
    await using talk = await acting({ redis: true })
    const { cluster } = talk
    const containers = [{ name: 'registry', image: `${registryHost}/registry:2` }]
    const spec = { template: { spec: { containers } } }
    const metadata = { namespace: 'infra', name: 'registry' }
    await cluster.apply(JSON.stringify({ apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec }))
    await cluster.until('its new pod waits for it', () =>
      /connection refused/.test(JSON.stringify(cluster.list('pods'))),
    )
    await cluster.apply(deployment({ namespace: 'shop', name: 'web', image: `${registryHost}/web:1` }))
    await talk.ask('shop/web')
    await talk.hears(
      /Actions not offered[\s\S]*Its own image \S+ is in this very registry: a new pod could not pull it\./,
    )
    expect(talk.says()).not.toContain('[Restart registry')
  })

  test.each([
    ['warns', 'RollingUpdate', 'ReadWriteOnce', true],
    ['says nothing of it', 'RollingUpdate', 'ReadWriteMany', false],
    ['says nothing of it', 'Recreate', 'ReadWriteOnce', false],
  ])('%s: %s with a claim that is %s', async (_what, strategy, accessMode, warns) => {
    await using talk = await acting({ redis: true, strategy })
    await talk.cluster.apply(
      JSON.stringify({
        ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { namespace: 'infra', name: 'registry' } },
        spec: { accessModes: [accessMode], resources: { requests: { storage: '1Gi' } } },
      }),
    )
    await asked(talk)
    const { blocks } = await talk.hears(hungRegistry.button)
    const warning = 'Its volume can be mounted on one node at a time, and the new pod starts first'
    expect(JSON.stringify(blocks).includes(warning)).toBe(warns)
  })
})
