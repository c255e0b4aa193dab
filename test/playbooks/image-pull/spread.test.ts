import { describe, expect, test } from 'vitest'
import type { Kind } from '../../../src/messages/row.ts'
import { nodeResolverBroken } from '../../../src/playbooks/image-pull/causes/way/node-resolver-broken.ts'
import { spreadOf } from '../../../src/playbooks/image-pull/checks/spread.ts'
import type { ContainerPull } from '../../../src/playbooks/image-pull/inputs.ts'
import { judgeByFacts } from '../../support/judge-by-facts.ts'

const own = {
  ...{ container: 'web', role: 'container', image: 'r.test/web:1', policy: 'Always', state: 'failing' },
  ...{ waitingReason: 'ErrImagePull', kinds: ['registry-timeout'], secretsNotFound: [] },
  lastFailure: '2026-11-24T03:00:00Z',
} as const satisfies ContainerPull
const failure = (node: string, image = 'r.test/web:1', kind: Kind = 'registry-timeout') =>
  ({ node, image, at: '2026-11-24T03:00:00Z', kind, host: 'r.test' }) as const
const success = (node: string, image = 'r.test/app:2', at = '2026-11-24T03:01:00Z') => ({ node, image, at })
const whereIs = (pulled: readonly ReturnType<typeof success>[], failed: readonly ReturnType<typeof failure>[]) =>
  spreadOf(own, 'n1', { pulled, failed }).where

describe('where a failure is', () => {
  test.each([
    ['nobody else pulls', [], [failure('n1')], 'undecided'],
    ['another node pulls from that host', [success('n2')], [failure('n1')], 'node'],
    [
      'another node pulled before it began',
      [success('n2', 'r.test/app:2', '2026-11-24T02:59:00Z')],
      [failure('n1')],
      'undecided',
    ],
    ['another node pulls from another host', [success('n2', 'other.test/app:2')], [failure('n1')], 'undecided'],
    ['this node pulls another image of it', [success('n1')], [failure('n1')], 'image'],
    ['two nodes fail, with two images', [], [failure('n1'), failure('n2', 'r.test/app:2')], 'registry'],
    ['two nodes fail, with one image', [], [failure('n1'), failure('n2')], 'undecided'],
    ['two nodes fail, and a third pulls', [success('n3')], [failure('n1'), failure('n2')], 'undecided'],
    [
      'another node fails otherwise',
      [],
      [failure('n1'), failure('n2', 'r.test/app:2', 'image-not-found')],
      'undecided',
    ],
    ['a node that fails too has pulled', [success('n2')], [failure('n1'), failure('n2')], 'undecided'],
  ])('%s: %s', (_name, pulled, failed, where) => {
    expect(whereIs(pulled, failed)).toBe(where)
  })

  test('it began with the first failure, not with the last', () => {
    const failed = [{ ...failure('n1'), since: '2026-11-24T02:30:00Z' }]
    const pulled = [success('n2', 'r.test/app:2', '2026-11-24T02:45:00Z')]
    expect(spreadOf(own, 'n1', { pulled, failed }).where).toBe('node')
  })
})

test('a name that another node resolves exists: the resolver of this one is wrong', async () => {
  const names = {
    ...{ namespace: 'shop', pod: 'web-1', container: 'web', image: own.image, host: 'r.test' },
    ...{ node: 'n1', owner: 'deployment/web' },
  }
  const reading = { kind: 'dns-failure', cause: 'registry-host-unknown', text: 'no such host', clauses: [] }
  const message = { ...own, kinds: ['dns-failure'], said: { by: 'status', message: 'no such host', reading } }
  const facts = { message, names, spread: { where: 'node', nodes: ['n1'], because: [] } }
  expect(await judgeByFacts(nodeResolverBroken, facts)).toMatchObject({
    status: 'confirmed',
    finding: { confidence: 'likely' },
  })
})
