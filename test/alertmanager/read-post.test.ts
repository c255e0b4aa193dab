import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { postSchema, readPost } from '../../src/alertmanager/post.ts'
import { type AlertRules, matchPattern } from '../../src/alertmanager/rules.ts'
import { cpuTime } from '../support/cpu-time.ts'

const rules: AlertRules = {
  names: new Set(['KubePodNotReady', 'KubeContainerWaiting', 'ImagePullFailing']),
  reasons: new Set(['ErrImagePull', 'ImagePullBackOff']),
  clusterLabel: 'cluster',
  clusters: new Set(['prod-eu', 'staging']),
  labels: [],
  patterns: [],
}
const place = { channel: 'C0INCIDENT', ts: '1763952000.000100' }
const at = new Date('2026-11-24T03:13:00Z')
const read = (post: object, of = rules) => readPost(postSchema.parse(post), place, at, of)
const attachment = (title: string, text = '') => ({ attachments: [{ title, text, fallback: title, color: 'danger' }] })
const pod = (name: string, namespace = 'shop') => ({ about: 'pod', namespace, pod: name })

describe('the default templates', () => {
  // Recorded from Alertmanager 0.25 with slack_configs that set nothing but the channel.
  test('of Alertmanager name values alone: all words that could be names are kept', () => {
    const [alert, ...others] = read(attachment('[FIRING:1] KubePodNotReady shop (web-5d9cf86b95-26kvf warning)'))
    expect(others).toEqual([])
    expect(alert).toMatchObject({ post: place, name: 'KubePodNotReady', firing: true, since: at.toISOString() })
    expect(alert?.target).toEqual({
      about: 'words',
      words: ['shop', 'warning', 'web-5d9cf86b95-26kvf'],
      several: false,
    })
  })

  test('of several alerts, which may name none of them', () => {
    const [alert] = read(attachment('[FIRING:2] KubePodNotReady shop (warning)'))
    expect(alert?.target).toMatchObject({ words: ['shop', 'warning'], several: true })
    expect(read(attachment('[RESOLVED] KubePodNotReady shop (warning)'))).toMatchObject([{ firing: false }])
  })

  // By the template of https://github.com/grafana/grafana: pkg/services/ngalert/notifier, "default.message".
  test('of Grafana name every label, in sections', () => {
    const text = [
      '**Firing**',
      '',
      'Value: A=1',
      'Labels:',
      ' - alertname = ImagePullFailing',
      ' - namespace = shop',
      ' - pod = web-5d9cf86b95-26kvf',
      ' - severity = critical',
      'Annotations:',
      ' - summary = Pod cannot pull an image',
      'Source: https://grafana.example/alerting/grafana/1/view',
      '',
      'Value: A=1',
      'Labels:',
      ' - alertname = ImagePullFailing',
      ' - namespace = data',
      ' - pod = worker-0',
      '',
      '**Resolved**',
      '',
      'Labels:',
      ' - alertname = ImagePullFailing',
      ' - namespace = data',
      ' - pod = worker-1',
    ].join('\n')
    expect(read(attachment('[FIRING:2, RESOLVED:1] ImagePullFailing', text))).toMatchObject([
      { target: pod('web-5d9cf86b95-26kvf'), firing: true, severity: 'critical' },
      { target: pod('worker-0', 'data'), firing: true },
      { target: pod('worker-1', 'data'), firing: false },
    ])
  })
})

describe('templates of their own', () => {
  test.each<[string, object, readonly object[]]>([
    [
      'bold names in the text',
      { text: '*KubePodNotReady* is firing\n*Namespace:* `shop`\n*Pod:* `web-1`' },
      [pod('web-1')],
    ],
    [
      'fields',
      {
        attachments: [
          {
            title: 'KubePodNotReady',
            fields: [
              { title: 'namespace', value: 'shop' },
              { title: 'pod', value: 'web-1' },
            ],
          },
        ],
      },
      [pod('web-1')],
    ],
    [
      'the words of kube-prometheus: KubePodNotReady',
      attachment(
        'KubePodNotReady',
        'Pod shop/web-1 has been in a non-ready state for longer than 15 minutes on cluster .',
      ),
      [pod('web-1')],
    ],
    [
      'the words of kube-prometheus: KubeContainerWaiting',
      attachment(
        'KubeContainerWaiting',
        'pod/web-1 in namespace shop on container app has been in waiting state for longer than 1 hour. (reason: "ErrImagePull")',
      ),
      [pod('web-1')],
    ],
    [
      'one namespace, several pods',
      { text: 'ImagePullFailing namespace=shop\npod=web-1\npod=web-2' },
      [pod('web-1'), pod('web-2')],
    ],
    [
      'blocks, with a link',
      {
        blocks: [
          { type: 'section', text: { type: 'mrkdwn', text: '<https://alerts.example|ImagePullFailing>' } },
          {
            type: 'section',
            fields: [
              { type: 'mrkdwn', text: 'namespace: shop' },
              { type: 'mrkdwn', text: 'pod: web-1' },
            ],
          },
        ],
      },
      [pod('web-1')],
    ],
    [
      'a Deployment',
      { text: 'ImagePullFailing namespace=shop deployment=web' },
      [{ about: 'workload', namespace: 'shop', name: 'web', kind: 'Deployment' }],
    ],
  ])('%s', (_of, post, targets) => {
    expect(read(post).map(({ target }) => target)).toEqual(targets)
  })

  test('a pattern of the configuration', () => {
    const patterns = ['Workload {namespace} » {pod} @ {cluster}']
    const [alert] = read({ text: 'KubePodNotReady!\nworkload  shop » web-1 @ prod-eu' }, { ...rules, patterns })
    expect(alert).toMatchObject({ target: pod('web-1'), cluster: 'prod-eu' })
  })
})

test.each([
  { text: 'lunch?' },
  attachment('[FIRING:1] KubePodCrashLooping shop'),
  { text: 'NotKubePodNotReadyAtAll' },
  {},
])('%j is none of the named rules', (post) => {
  expect(read(post)).toEqual([])
})

test('names that Kubernetes could not have name less', () => {
  const [alert] = read({ text: 'KubePodNotReady namespace=shop pod=../../etc' })
  expect(alert?.target).toEqual({ about: 'namespace', namespace: 'shop' })
})

test('any text is read, in time that grows with its length', () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom('pod: ', 'namespace=', 'KubePodNotReady ', '<', '|', '>', '[FIRING:', 'a-', '.', '\n'),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const alerts = read({ text: pieces.join('') })
      for (const { target } of alerts) expect(JSON.stringify(target)).not.toMatch(/[<>|]/)
    }),
  )
  for (const long of ['pod:', 'a', 'a-', '<', '<a|', 'Pod a/', ' ', 'KubePodNotReady '])
    expect(() => read({ text: `KubePodNotReady ${long.repeat(40_000)}` })).not.toThrow()
})

test('what is not a name in a pattern is meant as it is written', () => {
  expect(matchPattern('a.b (c) {pod}', 'a.b (c) web-1')).toMatchObject([{ pod: 'web-1' }])
  expect(matchPattern('a.b {pod}', 'axb web-1')).toEqual([])
})

test('a pattern is read in time that grows with the length of the text', () => {
  const patterns = [
    '{cluster}-{namespace}-{pod} failed',
    '{cluster}{namespace}{pod}!',
    '{pod} {namespace}',
    'a b {pod}',
  ]
  const texts = ['a-', 'a', 'a ', ' ', '-', 'a b '].map((piece) => piece.repeat(20_000 / piece.length))
  const matchAll = () => patterns.flatMap((pattern) => texts.map((it) => matchPattern(pattern, it)))
  expect(cpuTime(matchAll)).toBeLessThan(10_000) // seconds for each of them, where it does not
  expect(matchPattern('{cluster}-{namespace}-{pod} failed', 'prod-shop-web-1 failed')).toMatchObject([
    { cluster: 'prod', namespace: 'shop', pod: 'web-1' },
  ])
})
