import { describe, expect, test } from 'vitest'
import type { AlertRules } from '../../src/alertmanager/alert-rules.ts'
import { payloadSchema } from '../../src/alertmanager/payload.ts'
import { readPayload } from '../../src/alertmanager/read-payload.ts'
import { targetOfLabels } from '../../src/alertmanager/target-of-labels.ts'
import { payloadOf, podNotReady } from '../support/alert-payload.ts'

const rules: AlertRules = {
  names: new Set(['KubePodNotReady', 'ImagePullFailing']),
  clusterLabel: 'cluster',
  labels: ['team'],
  patterns: [],
}
const read = (payload: object, of = rules) => readPayload(payloadSchema.parse(payload), of)

describe('what labels say', () => {
  const pod = { about: 'pod', namespace: 'shop', pod: 'web-1' }
  test.each<[string, Record<string, string>, object]>([
    ['a pod', { namespace: 'shop', pod: 'web-1' }, pod],
    [
      'kube-state-metrics itself stands under the plain names',
      { namespace: 'monitoring', pod: 'kube-state-metrics-1', exported_namespace: 'shop', exported_pod: 'web-1' },
      pod,
    ],
    ['a Deployment', { namespace: 'shop', deployment: 'web' }, { about: 'workload', namespace: 'shop', name: 'web' }],
    ['a Job', { namespace: 'shop', job_name: 'web' }, { about: 'workload', namespace: 'shop', name: 'web' }],
    ['the scrape job is no workload', { namespace: 'shop', job: 'web' }, { about: 'namespace', namespace: 'shop' }],
    ['only a namespace', { namespace: 'shop' }, { about: 'namespace', namespace: 'shop' }],
    ['nothing', {}, { about: 'cluster' }],
    ['a path for a pod', { namespace: 'shop', pod: '../../secrets' }, { about: 'namespace', namespace: 'shop' }],
    ['markup for a namespace', { namespace: '<!channel>', pod: 'web-1' }, { about: 'cluster' }],
  ])('%s', (_of, labels, target) => {
    expect(targetOfLabels(labels)).toEqual(target)
  })
})

describe('a delivery', () => {
  test('keeps the alerts of the named rules, with what channels are chosen by', () => {
    const other = podNotReady('x', { labels: { alertname: 'KubePodCrashLooping' } })
    const own = podNotReady('web-1', {
      labels: { cluster: 'prod-eu', severity: 'page', team: 'payments', secret: 'x' },
    })
    const { alerts, unreadable } = read(payloadOf([other, own]))
    expect(unreadable).toBe(0)
    expect(alerts).toMatchObject([
      {
        name: 'KubePodNotReady',
        cluster: 'prod-eu',
        severity: 'critical',
        labels: { team: 'payments' },
        firing: true,
        since: '2026-11-24T03:13:00.043Z',
      },
    ])
    expect(JSON.stringify(alerts)).not.toContain('secret')
  })

  test('tells alerts apart by all their labels, in any order', () => {
    const labels = { alertname: 'KubePodNotReady', namespace: 'shop', pod: 'web-1' }
    const turned = Object.fromEntries(Object.entries(labels).toReversed())
    const [one, two, three] = read(
      payloadOf([{ labels }, { labels: turned }, { labels: { ...labels, uid: '7' } }]),
    ).alerts
    expect(two?.of).toBe(one?.of)
    expect(three?.of).not.toBe(one?.of)
  })

  test('one that is not understood hides no other', () => {
    const good = podNotReady('web-1')
    const bad = [{ ...good, startsAt: 'yesterday' }, { ...good, labels: { pod: 7 } }, 'text', null]
    const { alerts } = payloadOf([good]) as { alerts: object[] }
    const { alerts: kept, unreadable } = read(payloadOf([good], { alerts: [...bad, ...alerts] }))
    expect(kept).toHaveLength(1)
    expect(unreadable).toBe(4)
  })

  test('of alerts that were left out their whole group is meant', () => {
    const shared = { alertname: 'KubePodNotReady', namespace: 'shop' }
    const { alerts } = read(payloadOf([podNotReady('web-1')], { truncatedAlerts: 3, groupLabels: shared }))
    expect(alerts.map(({ target }) => target)).toEqual([
      { about: 'pod', namespace: 'shop', pod: 'web-1' },
      { about: 'namespace', namespace: 'shop' },
    ])
    const others = payloadOf([podNotReady('x', { labels: { alertname: 'Other' } })], {
      truncatedAlerts: 3,
      groupLabels: { alertname: 'Other' },
      commonLabels: {},
    })
    expect(read(others).alerts).toEqual([])
  })

  test.each(['text', 7, null, [], {}, { alerts: 'many' }])('%j is none', (payload) => {
    expect(payloadSchema.safeParse(payload).success).toBe(false)
  })
})
