import { describe, expect, test } from 'vitest'
import { toRoutes } from '../../src/app/from-config.ts'
import { configurationSchema } from '../../src/config/configuration.ts'
import type { Alert, AlertTarget } from '../../src/incidents/alerts/alert.ts'
import { matchAlerts } from '../../src/incidents/alerts/match.ts'
import type { AlertGroup } from '../../src/incidents/alerts/records.ts'
import { findNotifications } from '../../src/incidents/alerts/routing.ts'
import type { Failure } from '../../src/incidents/failure.ts'
import { failureOf } from '../support/incident-samples.ts'

const workload = (name: string, namespace = 'shop') => ({
  kind: 'Deployment',
  name,
  key: `${namespace}/Deployment/${name}`,
})
const web1 = failureOf({ namespace: 'shop', pod: 'web-1', uid: '1', workload: workload('web') })
const web2 = failureOf({ namespace: 'shop', pod: 'web-2', uid: '2', workload: workload('web') })
const api = failureOf({ namespace: 'shop', pod: 'api-1', uid: '3', workload: workload('api') })
const data = failureOf({ namespace: 'data', pod: 'web-1', uid: '4', workload: workload('web', 'data') })
const cart = failureOf({ namespace: 'shop', pod: 'cart-5d9cf86b95-26kvf', uid: '5', workload: workload('cart') })
const report = failureOf({
  ...{ namespace: 'data', pod: 'report-29384756-x2x9k', uid: '6' },
  workload: { kind: 'Job', name: 'report', key: 'data/Job/report' },
})
const all = [web1, web2, api, data, cart, report]

const words = (said: string[], several = false): AlertTarget => ({ about: 'words', words: said, several })

describe('which failures an alert tells of', () => {
  test.each<[string, AlertTarget, readonly Failure[]]>([
    ['a pod', { about: 'pod', namespace: 'shop', pod: 'web-1' }, [web1]],
    ['a pod that does not fail', { about: 'pod', namespace: 'shop', pod: 'other' }, []],
    ['a workload', { about: 'workload', namespace: 'shop', name: 'web' }, [web1, web2]],
    ['a workload of another kind', { about: 'workload', namespace: 'shop', name: 'web', kind: 'StatefulSet' }, []],
    ['a ReplicaSet', { about: 'workload', namespace: 'shop', name: 'cart-5d9cf86b95', kind: 'ReplicaSet' }, [cart]],
    [
      'a ReplicaSet of before',
      { about: 'workload', namespace: 'shop', name: 'cart-7c9d8b6f5', kind: 'ReplicaSet' },
      [cart],
    ],
    ['a Job of a CronJob', { about: 'workload', namespace: 'data', name: 'report-29384756', kind: 'Job' }, [report]],
    ['a CronJob', { about: 'workload', namespace: 'data', name: 'report', kind: 'CronJob' }, [report]],
    ['words with a ReplicaSet', words(['shop', 'cart-5d9cf86b95']), [cart]],
    ['words with a namespace and a pod in one', words(['data/web-1', 'shop/x']), [data]],
    ['words with the label of the operator alone', words(['monitoring/k8s', 'warning'], true), all],
    ['words with a pod of two namespaces, and one of these', words(['data', 'web-1']), [data]],
    ['words in a namespace', { about: 'words', words: ['web-1', 'data'], several: false, namespace: 'shop' }, [web1]],
    ['a namespace', { about: 'namespace', namespace: 'shop' }, [web1, web2, api, cart]],
    ['a cluster', { about: 'cluster' }, all],
    ['words with a pod', words(['shop', 'api-1', 'warning']), [api]],
    ['words with a workload and its namespace', words(['shop', 'web', 'warning']), [web1, web2]],
    ['words with a workload of nowhere', words(['web']), []],
    ['words with a namespace', words(['data', 'warning']), [data, report]],
    ['words of one alert that name nothing', words(['warning']), []],
    ['words of several alerts that name nothing', words(['warning'], true), all],
    ['words of several alerts that name a namespace that is well', words(['quiet', 'warning'], true), []],
  ])('%s', (_of, target, expected) => {
    const alerts: AlertGroup = { version: 1, cluster: 'test', target, heard: [] }
    expect([...matchAlerts([alerts], all, new Set(['shop', 'data', 'quiet'])).keys()]).toEqual(expected)
  })

  test('where nobody can say which namespaces there are, words that name nothing are about nothing', () => {
    const alerts: AlertGroup = { version: 1, cluster: 'test', target: words(['warning'], true), heard: [] }
    expect([...matchAlerts([alerts], all).keys()]).toEqual([])
  })
})

describe('which channels are told', () => {
  const [all, team, critical, looks, other] = [
    'C0AAAAAAAAA',
    'C0TEAMAAAAA',
    'C0CRITICALA',
    'C0LOOKSAAAA',
    'C0OTHERAAAA',
  ]
  const routes = toRoutes(
    configurationSchema.parse({
      channels: [
        { id: all },
        { id: team, labels: { team: 'payments' }, namespaces: ['shop'] },
        { id: critical, severities: ['critical'] },
        { id: looks, may: ['look'] },
        { id: other, clusters: ['staging'], may: ['commands', 'alerts', 'look'] },
      ],
    }),
  )
  const shop = { cluster: 'prod', namespace: 'shop', labels: {} }
  test.each([
    ['an alert', { ...shop, by: 'alert' as const, severity: 'warning' as const }, [all]],
    ['a critical one', { ...shop, by: 'alert' as const, severity: 'critical' as const }, [all, critical]],
    ['one that is only for information', { ...shop, by: 'alert' as const, severity: 'info' as const }, []],
    ['a label', { ...shop, by: 'alert' as const, labels: { team: 'payments' } }, [all, team]],
    ['a label elsewhere', { ...shop, namespace: 'data', by: 'alert' as const, labels: { team: 'payments' } }, [all]],
    ['a look', { ...shop, by: 'look' as const }, [looks]],
    ['a post is answered whatever its severity and labels', { ...shop, by: 'post' as const }, [all, team, critical]],
    ['the first start', { ...shop, by: 'start' as const }, [all, critical, looks]],
    ['another cluster', { ...shop, cluster: 'staging', by: 'look' as const }, [looks, other]],
  ])('%s', (_of, routed, expected) => {
    expect(routes.channelsFor(routed)).toEqual(expected)
  })

  test('a post is answered while what it tells of goes on: not one from before it was over, nor the one that says so', () => {
    const post = (of: string, minute: string, more: Partial<Alert> = {}): Alert => ({
      ...{
        post: { channel: all, ts: of },
        name: 'KubePodNotReady',
        of,
        cluster: '',
        firing: true,
        severity: 'warning',
      },
      ...{ target: words(['shop']), since: `2026-11-24T03:${minute}:00.000Z`, labels: {} },
      ...more,
    })
    const heard = [post('1.1', '10'), post('2.1', '20', { firing: false }), post('3.1', '30')]
    const otherRule = post('1.2', '11', { name: 'ImagePullFailing' })
    const known: AlertGroup = { version: 1, cluster: 'prod', target: words(['shop']), heard: [...heard, otherRule] }
    const notifications = findNotifications(routes, 'prod', [web1], {
      alerts: new Map([[web1, [known]]]),
      labels: new Map(),
    })
    expect(notifications).toEqual({ firing: 2, channels: [looks], posts: [otherRule.post, heard[2]?.post] })
  })

  test('names of a namespace only where it is listed', () => {
    expect([routes.mayKnow(team, 'shop'), routes.mayKnow(team, 'data'), routes.mayKnow(all, 'data')]).toEqual([
      true,
      false,
      true,
    ])
  })

  test('nobody is told of a cluster that no channel lists', () => {
    const none = toRoutes(configurationSchema.parse({ channels: [{ id: other, clusters: ['staging'] }] }))
    expect([
      none.isNotified('prod', 'alerts'),
      none.isNotified('staging', 'alerts'),
      none.isNotified('staging', 'look'),
    ]).toEqual([false, true, false])
  })
})
