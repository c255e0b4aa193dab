import { describe, expect, test } from 'vitest'
import type { Alert } from '../../src/incidents/alerts/alert.ts'
import { alertRecords } from '../../src/incidents/alerts/records.ts'
import { createReconciler } from '../../src/incidents/reconcile/reconcile.ts'
import { summaries } from '../../src/incidents/reconcile/summary.ts'
import { failingPods, podName } from '../support/failing-pods.ts'
import { incidentParts } from '../support/incident-parts.ts'

const channel = 'C0INCIDENTS'
const firstLook = '2026-11-24T03:14:00.000Z'
const before = '2026-11-24T02:00:00.000Z'
const later = '2026-11-24T03:20:00.000Z'
const names = ['web', 'api', 'cart', 'mail', 'auth', 'blog']
const signal = new AbortController().signal

/** What failed before anybody looked; `serving` has pods that are ready beside the failing one. */
function objects(serving: boolean): readonly unknown[] {
  const ready = serving ? 1 : 0
  return failingPods(names.map((name) => ({ name, image: `r.test:5000/${name}:1`, pods: 1, ready })))
}

function alertFor(name: string, of: Partial<Alert> = {}): Alert {
  return {
    ...{ name: 'KubePodNotReady', of: `alert ${name}`, cluster: 'test', firing: true },
    ...{ since: before, severity: 'warning' as const, labels: {} },
    target: { about: 'pod', namespace: 'shop', pod: podName(name, 0) },
    ...of,
  }
}

interface Options {
  readonly serving: boolean
  /** What was told before the first look. */
  readonly early?: readonly Alert[]
}

/** After the first look at a cluster. */
async function looked({ serving, early = [] }: Options) {
  const channels = [{ id: channel }, { id: 'C0ELSEWHERE', namespaces: ['other'] }]
  const parts = incidentParts({ clusters: { test: objects(serving) }, configuration: { channels } })
  const alerts = alertRecords(parts.store)
  const reconcile = createReconciler(parts)
  await alerts.add('test', early)
  await reconcile('test', signal)
  const open = async () => {
    const incidents = await parts.incidents.open('test')
    return incidents.toSorted((a, b) => (a.subject.workload.name < b.subject.workload.name ? -1 : 1))
  }
  return {
    open,
    names: async () => (await open()).map(({ subject }) => subject.workload.name),
    async hears(...reports: readonly Alert[]) {
      await alerts.add('test', reports)
      await reconcile('test', signal)
    },
    again: () => reconcile('test', signal),
    async summary() {
      const id = parts.jobs.find((job) => job.startsWith('sync-thread summary-'))?.slice('sync-thread '.length)
      return id ? summaries.read(parts.store, id) : undefined
    },
  }
}

test('what failed before the first look is one summary, each row with a target to choose', async () => {
  const it = await looked({ serving: false })
  expect(await it.names()).toEqual([])
  const rows = (await it.summary())?.rows ?? []
  expect(rows.map(({ target }) => target).toSorted()).toEqual(names.map((it) => `shop/${podName(it, 0)}`).toSorted())
  await it.again()
  expect(await it.names()).toEqual([])
})

describe('an alert about what failed before the first look', () => {
  const post = (of: string) => ({ post: { channel: of, ts: '1764039600.000100' }, since: later })
  const rows: readonly (readonly [string, boolean, Partial<Alert>, boolean])[] = [
    ['that started before it, where all old pods serve', true, {}, false],
    ['that started at that very time', true, { since: firstLook }, false],
    ['that started after it', true, { since: later }, true],
    ['that started before it, of a workload that is down', false, {}, true],
    ['that is critical', true, { severity: 'critical' }, true],
    ['in a post', true, post(channel), true],
    ['in a post of a channel that may not know of it', true, post('C0ELSEWHERE'), false],
    ['that is resolved', false, { firing: false, since: later }, false],
  ]
  test.each(rows)('%s', async (_what, serving, of, opens) => {
    const it = await looked({ serving })
    await it.hears(alertFor('web', of))
    expect(await it.names()).toEqual(opens ? ['web'] : [])
    await it.again()
    expect(await it.names()).toEqual(opens ? ['web'] : [])
  })

  test('in a post is answered in the thread of that post', async () => {
    const it = await looked({ serving: true })
    await it.hears(alertFor('web', post(channel)))
    expect(await it.open()).toMatchObject([{ channel, posts: [post(channel).post] }])
  })

  test('in a second post is answered there too', async () => {
    const it = await looked({ serving: true })
    await it.hears(alertFor('web', post(channel)))
    const second = { channel, ts: '1764039700.000100' }
    await it.hears(alertFor('web', { of: 'second', post: second, since: later }))
    expect(await it.open()).toMatchObject([{ posts: [post(channel).post, second] }])
  })

  test('in a post that names nothing of it is answered with a few, and not with more at each look', async () => {
    const it = await looked({ serving: true })
    const target = { about: 'words' as const, words: ['shop'], several: true }
    await it.hears(alertFor('web', { ...post(channel), target }))
    expect(await it.names()).toHaveLength(3)
    await it.again()
    await it.again()
    expect(await it.names()).toHaveLength(3)
  })

  test('that was there before the first look opens an incident, which the summary leaves out', async () => {
    const it = await looked({ serving: true, early: [alertFor('web', { severity: 'critical' }), alertFor('api')] })
    expect(await it.names()).toEqual(['web'])
    const rows = (await it.summary())?.rows ?? []
    expect(rows.map(({ image }) => image)).not.toContain('r.test:5000/web:1')
    expect(rows).toHaveLength(names.length - 1)
  })
})
