import { describe, expect, test } from 'vitest'
import type { Rule } from '../../src/simulator/cluster/api/address.ts'
import type { Scope } from '../../src/simulator/slack/platform.ts'
import { actionScopes, neededScopes, usefulScopes } from '../../src/slack/scopes.ts'
import { examined } from '../support/examined.ts'
import { whyNoRedis } from '../support/redis-server.ts'

if (whyNoRedis && process.env.REQUIRE_ALL) throw new Error(whyNoRedis)
if (whyNoRedis) console.log(`skipped: ${whyNoRedis}`)

const all = [neededScopes, usefulScopes, actionScopes].flatMap((it) => Object.keys(it)) as Scope[] // the local Slack knows them
const without = all.filter((it) => !(it in actionScopes))
const fix =
  / {2}→ Grant it: `rbac\.actions` in the values of the chart, or the ClusterRole in deploy\/rbac-actions\.yaml\.$/
const maya = ['U0MAYA0001']
const everything = { action: '*', clusters: ['*'], namespaces: ['shop'], users: maya }
const probe = {
  enabled: true,
  image: `ghcr.io/acme/imagepull@sha256:${'0'.repeat(64)}`,
  namespace: 'imagepull-probe',
}

/** All that the doctor says of actions in the cluster, good and bad. */
async function ofActions(configuration: object, ...forbid: readonly Rule[]): Promise<readonly string[]> {
  const { lines } = await examined({ scopes: all, configuration, forbid })
  return lines.filter((line) => line.includes(' actions in test: '))
}

describe.skipIf(whyNoRedis)('doctor, of what acts', () => {
  test.each([
    ['nobody is allowed anything', {}, []],
    ['nobody in this cluster', { permissions: [{ ...everything, clusters: ['other'] }] }, []],
    [
      'everything, and it may',
      { permissions: [everything] },
      ['✓ actions in test: all rights for 6 actions are granted'],
    ],
    [
      'everything, also from nodes',
      { permissions: [everything], actions: { testFromNode: probe } },
      ['✓ actions in test: all rights for 7 actions are granted'],
    ],
    [
      'one action',
      { permissions: [{ ...everything, action: 'rerun-build' }] },
      ['✓ actions in test: all rights for 1 action are granted'],
    ],
    ['what needs no right', { permissions: [{ ...everything, action: 'mute' }] }, []],
  ])('%s', async (_what, configuration, expected) => {
    expect(await ofActions(configuration)).toEqual(expected)
  })

  test.each([
    ['delete-stuck-pod', { verb: 'delete', resource: 'pods' }, 'delete pods in shop'],
    ['delete-stuck-pods', { verb: 'delete', resource: 'pods' }, 'delete pods in shop'],
    ['rerun-build', { verb: 'create', resource: 'jobs' }, 'create jobs.batch in shop'],
    ['create-build', { verb: 'create', resource: 'jobs' }, 'create jobs.batch in shop'],
    ['restart-registry', { verb: 'patch', resource: 'deployments' }, 'patch deployments.apps in shop'],
    ['roll-back', { verb: 'patch', resource: 'deployments' }, 'patch deployments.apps in shop'],
  ] as const)('%s, and it may not', async (action, rule, words) => {
    const [line = '', another] = await ofActions({ permissions: [{ ...everything, action }] }, rule)
    expect(another).toBeUndefined()
    expect(line).toContain(`! actions in test: ${action}: not allowed to ${words}; its button is hidden`)
    expect(line).toMatch(fix)
  })

  test('test-from-node, and it may not: in the namespace of its pod', async () => {
    const configuration = {
      permissions: [{ ...everything, action: 'test-from-node' }],
      actions: { testFromNode: probe },
    }
    const [line] = await ofActions(configuration, { verb: 'create', resource: 'pods', namespace: 'imagepull-probe' })
    expect(line).toContain('test-from-node: not allowed to create pods in imagepull-probe; its button is hidden')
  })

  test('a missing right is no reason to fail', async () => {
    const configuration = { permissions: [everything] }
    const { code } = await examined({ scopes: all, configuration, forbid: [{ verb: 'delete', resource: 'pods' }] })
    expect(code).toBe(0)
  })

  test.each([
    ['asked for where somebody is allowed something', { permissions: [everything] }, 2],
    ['not asked for where nobody is', {}, 0],
  ])('the scopes of actions are %s', async (_when, configuration, expected) => {
    const { problems, code } = await examined({ scopes: without, configuration })
    const said = problems.filter((line) => /^✗ scope (?:users|usergroups):read/.test(line))
    expect(said).toEqual(
      expected === 0
        ? []
        : [
            expect.stringMatching(/^✗ scope users:read: is missing: .*guests/),
            expect.stringMatching(/^✗ scope usergroups:read: is missing: .*user group/),
          ],
    )
    expect(code).toBe(expected)
  })
})
