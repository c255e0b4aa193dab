import { expect, test } from 'vitest'
import { actionNames } from '../../src/config/configuration.ts'
import type { Permission } from '../../src/kubernetes/cluster.ts'
import { type ActionId, actionIds, actionRights } from '../../src/remediation/action-id.ts'
import { actionOf, actions } from '../../src/remediation/actions.ts'

const pod = { namespace: 'shop', name: 'web-0', uid: 'u1', owner: 'ReplicaSet web', node: 'n1' }
const workload = { kind: 'Deployment', namespace: 'shop', name: 'web', uid: 'u2' }
const job = { kind: 'Job', namespace: 'shop', name: 'web-build', uid: 'u3', hash: 'h' }
const gitJob = { ...job, file: 'web.yaml', destinations: [] }

/** Details of each action that changes a cluster. Every object of them is in `shop`. */
const details: Readonly<Record<keyof typeof actionRights, object>> = {
  'delete-stuck-pod': { pod },
  'delete-stuck-pods': { pods: [pod, { ...pod, name: 'web-1' }] },
  'rerun-build': { source: job, destinations: [], pods: [pod], before: { error: '', took: 0 }, ofBuild: false },
  'create-build': { job: gitJob, image: 'web:1', aliases: [], pods: [pod] },
  'restart-registry': { workload, template: 'h', host: 'registry.test:5000' },
  'roll-back': { workload, container: 'main', from: 'web:2', to: 'web:1', template: 'h' },
  'test-from-node': { node: 'n1', host: 'registry.test:5000', namespace: 'shop', image: 'probe:1' },
}

/** As text, so that the order and an absent group do not count. */
function sorted(permissions: readonly Permission[]): readonly string[] {
  return permissions
    .map(({ verb, group, resource, namespace }) => `${verb} ${resource} of "${group ?? ''}" in ${namespace}`)
    .sort()
}

function rightsOf(id: ActionId): readonly Permission[] {
  const rights: Partial<Readonly<Record<ActionId, readonly Permission[]>>> = actionRights
  return rights[id] ?? []
}

test('the configuration names exactly the actions that there are', () => {
  expect([...actionNames].sort()).toEqual([...actionIds].sort())
  expect(actions.map(({ id }) => id).sort()).toEqual([...actionIds].sort())
})

test.each(Object.entries(details))('%s needs the rights that are looked for at start', (name, given) => {
  const id = actionIds.find((it) => it === name) ?? expect.unreachable()
  const rights = rightsOf(id).map((it) => ({ ...it, namespace: 'shop' }))
  expect(sorted(actionOf(id).needs(given))).toEqual(sorted(rights))
})

test('every other action needs no right', () => {
  const others: Partial<Record<ActionId, object>> = {
    'propose-build': { file: 'web.yaml', content: 'kind: Job' },
    escalate: { group: 'S0ONCALL' },
    mute: { workload: 'web', kind: 'Deployment', key: 'k' },
  }
  const rest = actions.filter(({ id }) => !(id in actionRights))
  expect(rest.map(({ id }) => id).sort()).toEqual(Object.keys(others).sort())
  for (const { id, needs } of rest) expect(needs(others[id]), id).toEqual([])
})
