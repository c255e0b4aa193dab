import { describe, expect, test } from 'vitest'
import { parsePayload, readPayload } from '../../src/alertmanager/payload.ts'
import { type AlertRules, targetOfLabels } from '../../src/alertmanager/rules.ts'
import { alertSchema } from '../../src/incidents/alerts/alert.ts'
import { payloadOf, podNotReady } from '../support/alert-payload.ts'

const rules: AlertRules = {
  names: new Set(['KubePodNotReady', 'ImagePullFailing']),
  clusterLabel: 'cluster',
  reasons: new Set(['ErrImagePull', 'ImagePullBackOff']),
  clusters: new Set(['prod-eu', 'staging']),
  labels: ['team'],
  patterns: [],
}
const now = new Date('2026-11-24T03:20:00Z')

function read(body: unknown, of = rules) {
  const parsed = parsePayload(body)
  if (!parsed.valid) throw new Error(parsed.reason)
  return readPayload(parsed.payload, of, now)
}

describe('what labels say', () => {
  const pod = { about: 'pod', namespace: 'shop', pod: 'web-1' }
  test.each<[string, Record<string, string>, object]>([
    ['a pod', { namespace: 'shop', pod: 'web-1' }, pod],
    [
      'kube-state-metrics itself stands under the plain names',
      { namespace: 'monitoring', pod: 'kube-state-metrics-1', exported_namespace: 'shop', exported_pod: 'web-1' },
      pod,
    ],
    [
      'a Deployment',
      { namespace: 'shop', deployment: 'web' },
      { about: 'workload', namespace: 'shop', name: 'web', kind: 'Deployment' },
    ],
    [
      'a Job',
      { namespace: 'shop', job_name: 'web' },
      { about: 'workload', namespace: 'shop', name: 'web', kind: 'Job' },
    ],
    ['the scrape job is no workload', { namespace: 'shop', job: 'web' }, { about: 'namespace', namespace: 'shop' }],
    ['only a namespace', { namespace: 'shop' }, { about: 'namespace', namespace: 'shop' }],
    ['nothing', {}, { about: 'cluster' }],
    ['a path for a pod', { namespace: 'shop', pod: '../../secrets' }, { about: 'namespace', namespace: 'shop' }],
    ['markup for a namespace', { namespace: '<!channel>', pod: 'web-1' }, { about: 'cluster' }],
  ])('%s', (_of, labels, target) => {
    expect(targetOfLabels(labels)).toEqual(target)
  })
})

describe('labels of exporters', () => {
  const ksm = 'kube-prometheus-stack-kube-state-metrics-5cc5d9cf8-x2x9k'
  const web = { about: 'workload', namespace: 'shop', name: 'web', kind: 'Deployment' }
  const web1 = { about: 'pod', namespace: 'shop', pod: 'web-1' }
  test.each<[string, Record<string, string>, object]>([
    [
      'with honorLabels a workload has the pod of kube-state-metrics',
      { namespace: 'shop', deployment: 'web', pod: ksm, container: 'kube-state-metrics' },
      web,
    ],
    [
      'without it the namespace, too',
      { namespace: 'monitoring', pod: ksm, exported_namespace: 'shop', deployment: 'web' },
      web,
    ],
    ['a pod of the workload beside it is narrower', { namespace: 'shop', deployment: 'web', pod: 'web-1' }, web1],
    ['OpenTelemetry', { k8s_namespace_name: 'shop', k8s_pod_name: 'web-1', k8s_container_name: 'app' }, web1],
    ['OpenTelemetry, with dots', { 'k8s.namespace.name': 'shop', 'k8s.deployment.name': 'web' }, web],
    ['Datadog', { kube_namespace: 'shop', pod_name: 'web-1', kube_deployment: 'web' }, web1],
    ['Datadog, a workload', { kube_namespace: 'shop', kube_deployment: 'web' }, web],
    [
      'cAdvisor',
      { container_label_io_kubernetes_pod_namespace: 'shop', container_label_io_kubernetes_pod_name: 'web-1' },
      web1,
    ],
    ['old scrape configurations', { kubernetes_namespace: 'shop', kubernetes_pod_name: 'web-1' }, web1],
    ['events', { involved_object_kind: 'Pod', involved_object_name: 'web-1', involved_object_namespace: 'shop' }, web1],
    [
      'events of something without pods',
      { namespace: 'shop', involved_object_kind: 'Ingress', involved_object_name: 'web' },
      { about: 'namespace', namespace: 'shop' },
    ],
    ['an owner', { namespace: 'shop', owner_kind: 'Deployment', owner_name: 'web' }, web],
    ['a name with its kind', { namespace: 'shop', kind: 'Deployment', name: 'web' }, web],
    ['a name alone is anybody’s', { namespace: 'shop', name: 'web' }, { about: 'namespace', namespace: 'shop' }],
    [
      'Google: a controller',
      { namespace_name: 'shop', top_level_controller_type: 'Deployment', top_level_controller_name: 'web' },
      web,
    ],
    [
      'a label that is called as a method is',
      { constructor: 'x', __proto__: 'y', namespace: 'shop', pod: 'web-1' },
      web1,
    ],
  ])('%s', (_of, labels, target) => {
    expect(targetOfLabels(labels)).toEqual(target)
  })

  test('the cluster is any label that names a known one', () => {
    const labels = {
      alertname: 'KubePodNotReady',
      namespace: 'shop',
      k8s_cluster_name: 'staging',
      cluster: 'cluster-1',
    }
    expect(read(payloadOf([{ labels }])).alerts[0]?.cluster).toBe('staging')
    expect(read(payloadOf([{ labels: { ...labels, k8s_cluster_name: 'x' } }])).alerts[0]?.cluster).toBe('cluster-1')
  })

  test('where kube-state-metrics is scraped without honorLabels, somebody is told', () => {
    const of = (labels: Record<string, string>) =>
      read(payloadOf([{ labels: { alertname: 'KubePodNotReady', ...labels } }])).lacksHonorLabels
    expect(of({ namespace: 'monitoring', pod: ksm, exported_namespace: 'shop', exported_pod: 'web-1' })).toBe(true)
    expect(of({ namespace: 'monitoring', pod: ksm })).toBe(true)
    expect(of({ namespace: 'shop', pod: ksm, container: 'kube-state-metrics', deployment: 'web' })).toBe(false)
    expect(of({ namespace: 'shop', pod: 'web-1' })).toBe(false)
  })
})

describe('which alerts are read', () => {
  const wide = { ...rules, names: new Set(['KubePodNotReady', '*image*pull*', '*pull*image*']) }
  test.each([
    'KubePodNotReady',
    'PodImagePullBackOff',
    'pod_imagepullbackoff',
    'KubernetesPodCannotPullContainerImage',
  ])('%s', (alertname) => {
    expect(read(payloadOf([{ labels: { alertname } }]), wide).alerts).toHaveLength(1)
  })

  test('any whose reason only a pull has; of the others the names are told, each once and cut', () => {
    const labels = { namespace: 'shop', alertname: 'Mine' }
    const alerts = [
      { labels: { ...labels, reason: 'ErrImagePull' } },
      { labels },
      { labels },
      { labels: { alertname: 'x'.repeat(9_999) } },
    ]
    const { alerts: kept, turnedAway } = read(payloadOf(alerts), wide)
    expect(kept).toHaveLength(1)
    expect(turnedAway).toEqual(['Mine', 'x'.repeat(100)])
  })
})

describe('odd values hide no alert', () => {
  const labels = { alertname: 'KubePodNotReady', namespace: 'shop', pod: 'web-1' }
  test.each<[string, object]>([
    ['a severity that is called as a method is', { labels: { ...labels, severity: 'constructor' } }],
    ['a severity that is called as the prototype is', { labels: { ...labels, severity: '__proto__' } }],
    ['a date far away', { labels, startsAt: '+275760-09-13T00:00:00.000Z' }],
    ['a date that is none', { labels, startsAt: 'yesterday' }],
    ['a number for a date', { labels, startsAt: 7 }],
    ['a label that is a number', { labels: { ...labels, replica: 7, of: null } }],
    [
      'a name of any length',
      { labels: { ...labels, alertname: 'KubePodNotReady', pod: 'web-1', other: 'x'.repeat(99_999) } },
    ],
  ])('%s', (_of, alert) => {
    const { alerts, unreadable } = read({
      alerts: [
        { status: 'firing', ...alert },
        { status: 'firing', labels },
      ],
    })
    expect(unreadable).toBe(0)
    expect(alerts.map((it) => alertSchema.safeParse(it).success)).toEqual([true, true])
    expect(alerts[0]).toMatchObject({ severity: 'warning', target: { about: 'pod', namespace: 'shop', pod: 'web-1' } })
  })

  test('a cluster of any length is cut, and a label of the configuration may have any name', () => {
    const odd = { ...labels, cluster: 'x'.repeat(1_100_000) }
    const { alerts } = read({ alerts: [{ labels: odd }] }, { ...rules, labels: ['constructor', 'toString'] })
    expect(alerts).toMatchObject([{ cluster: 'x'.repeat(253), labels: {} }])
    expect(read({ alerts: [{ labels }] }, { ...rules, clusterLabel: 'constructor' }).alerts).toMatchObject([
      { cluster: '' },
    ])
  })

  test.each([
    ['Triggered', true],
    ['RESOLVED', false],
    ['ok', false],
    ['whatever', true],
    [undefined, true],
  ])('a status of any word: %s', (status, firing) => {
    expect(read({ status: 'odd', alerts: [{ status, labels }] }).alerts).toMatchObject([{ firing }])
  })
})

describe('other senders', () => {
  const labels = { alertname: 'KubePodNotReady', namespace: 'shop', pod: 'web-1' }
  const pod = { about: 'pod', namespace: 'shop', pod: 'web-1' }

  test('Prometheus and vmalert send a list, without a status: what is over has an end', () => {
    const startsAt = '2026-11-24T03:00:00Z'
    const body = [
      { labels, startsAt, endsAt: '2026-11-24T03:24:00Z', generatorURL: 'http://vmalert.example' },
      { labels: { ...labels, pod: 'web-2' }, startsAt, endsAt: '2026-11-24T03:10:00Z' },
    ]
    expect(read(body).alerts).toMatchObject([
      { target: pod, firing: true, since: '2026-11-24T03:00:00.000Z' },
      { firing: false },
    ])
  })

  test('Grafana before 9 sends a rule and its series', () => {
    const body = {
      ...{
        title: '[Alerting] KubePodNotReady',
        ruleName: 'KubePodNotReady',
        ruleId: 1,
        state: 'alerting',
        tags: { cluster: 'staging' },
      },
      evalMatches: [
        { value: 1, metric: 'kube_pod{namespace="shop", pod="web-1"}', tags: null },
        { value: 1, metric: 'x', tags: { namespace: 'data', pod: 'db-0' } },
      ],
    }
    expect(read(body).alerts).toMatchObject([
      { target: pod, cluster: 'staging', firing: true, since: now.toISOString() },
      { target: { about: 'pod', namespace: 'data', pod: 'db-0' } },
    ])
    expect(read({ ...body, state: 'ok', evalMatches: [] }).alerts).toMatchObject([
      { firing: false, target: { about: 'cluster' } },
    ])
  })

  test.each<[string, object, RegExp]>([
    [
      'SNS',
      { Type: 'Notification', TopicArn: 'arn:aws:sns:eu-west-1:1:alerts', Message: 'alerts' },
      /Amazon SNS: "alerts" is missing/,
    ],
    ['Google Cloud', { incident: { state: 'open' }, version: '1.2' }, /Google Cloud Monitoring/],
    ['Azure', { schemaId: 'azureMonitorCommonAlertSchema', data: {} }, /Azure Monitor/],
    ['PagerDuty', { event: { event_type: 'incident.triggered' } }, /PagerDuty/],
    ['anybody', { hello: 1 }, /^"alerts" is missing; imagepull expects/],
  ])('%s is told what is missing', (_of, body, reason) => {
    expect(parsePayload(body)).toEqual({ valid: false, reason: expect.stringMatching(reason) })
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
    const bad = [{ ...good, labels: 'pod' }, { ...good, labels: {} }, 'text', null]
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
    // What Alertmanager left out, it left out before it made the common labels.
    const one = { alertname: 'KubePodNotReady', namespace: 'shop', pod: 'web-1' }
    const cut = payloadOf([{ labels: one }], { truncatedAlerts: 4, groupLabels: {}, commonLabels: one })
    expect(read(cut).alerts.map(({ target }) => target.about)).toEqual(['pod', 'cluster'])
  })

  test.each(['text', 7, null, {}, { alerts: 'many' }, undefined])('%j is none', (payload) => {
    expect(parsePayload(payload)).toEqual({ valid: false, reason: expect.stringContaining('"alerts"') })
  })
})
