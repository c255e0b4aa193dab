import { expect, test } from 'vitest'
import type { Failure } from '../../src/incidents/failure.ts'
import { belongsTo, toSubjectKey, toSubjectKind } from '../../src/incidents/key.ts'
import type { Place } from '../../src/messages/row.ts'
import { failureOf } from '../support/incident-samples.ts'

function about(cause: string | undefined, of: Partial<Failure>): { readonly key: string; readonly place: Place } {
  const failure = failureOf(of)
  return { key: toSubjectKey(toSubjectKind(cause, failure.at), failure), place: failure.at }
}

const other = {
  pod: 'other-1',
  uid: 'uid-2',
  workload: { kind: 'Deployment', name: 'other', key: 'cortex-chat/Deployment/other' },
}
const sameWorkload = failureOf().workload

test.each<[string, string | undefined, Partial<Failure>, Partial<Failure>]>([
  [
    'two hosts of one registry that is down',
    'registry-down',
    { at: 'way' },
    { ...other, at: 'way', image: '10.43.170.72:5000/b:1' },
  ],
  ['before there is a verdict, what the words name', undefined, { at: 'way' }, { ...other, at: 'way' }],
  ['an image that two namespaces want', 'image-never-built', {}, { ...other, namespace: 'shop' }],
  ['401 and 404 for an image that is missing', 'tag-missing', { at: 'access' }, { ...other, at: 'content' }],
  [
    'one namespace at one registry',
    'credentials-missing',
    { at: 'access' },
    { ...other, at: 'access', image: '10.43.170.72:5000/b:1' },
  ],
  ['a node without space', 'node-disk-full', { at: 'node' }, { ...other, at: 'node', image: 'nginx' }],
  [
    'the short and the long name of one image',
    'tag-missing',
    { image: 'nginx:1' },
    { ...other, image: 'docker.io/library/nginx:1' },
  ],
  ['lost words of the same workload', 'registry-down', { at: 'way' }, { at: 'nowhere', host: 'x' }],
  ['lost words about the same image', 'tag-missing', {}, { ...other, at: 'nowhere' }],
])('one incident: %s', (_of, cause, first, second) => {
  const kept = about(cause, first)
  const same =
    cause === 'registry-down' && second.at === 'nowhere'
      ? { ...kept, key: toSubjectKey('workload', failureOf({ workload: sameWorkload })) }
      : kept
  expect(belongsTo(failureOf(second), same)).toBe(true)
})

test.each<[string, string | undefined, Partial<Failure>, Partial<Failure>]>([
  ['two registries', 'registry-timeout', { at: 'way' }, { ...other, at: 'way', host: 'b.test' }],
  [
    'a registry that is down, and an image that it has not',
    'registry-down',
    { at: 'way' },
    { ...other, at: 'content' },
  ],
  ['an image that is missing, and a node that cannot reach the registry', 'tag-missing', {}, { ...other, at: 'way' }],
  [
    'one secret missing in two namespaces',
    'pull-secret-missing',
    { at: 'access' },
    { ...other, at: 'access', namespace: 'shop' },
  ],
  [
    'two images after a verdict about one',
    'tag-missing',
    { at: 'access' },
    { ...other, at: 'access', image: '10.43.170.72:5000/b:1' },
  ],
  [
    'two pull secrets of one namespace',
    'pull-secret-missing',
    { at: 'access' },
    { ...other, at: 'access', secrets: ['another'] },
  ],
  ['two nodes', 'node-disk-full', { at: 'node' }, { ...other, at: 'node', node: 'node-9' }],
  ['two clusters', 'tag-missing', {}, { ...other, cluster: 'staging' }],
  ['lost words of another workload and image', 'unknown', { at: 'nowhere' }, { ...other, at: 'nowhere', image: 'b:1' }],
])('two incidents: %s', (_of, cause, first, second) => {
  expect(belongsTo(failureOf(second), about(cause, first))).toBe(false)
})

test('a pod of the same name in another namespace is another workload', () => {
  const here = about('unknown', { at: 'nowhere' })
  const there = failureOf({
    namespace: 'shop',
    at: 'nowhere',
    workload: { ...sameWorkload, key: 'shop/Deployment/cortex-chat-backend-simple' },
    image: 'x:1',
  })
  expect(belongsTo(there, here)).toBe(false)
})
