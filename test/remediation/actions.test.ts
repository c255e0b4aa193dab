import { expect, test } from 'vitest'
import type { Permission } from '../../src/kubernetes/cluster.ts'
import type { PlanWorld } from '../../src/remediation/action.ts'
import { type ActionId, actionIds, actionRights } from '../../src/remediation/action-id.ts'
import { actions, findAction } from '../../src/remediation/actions.ts'
import { memoryCluster } from '../../src/simulator/cluster/memory-cluster.ts'
import { buildOf, seen, situationOf } from '../support/situation-of.ts'

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

test('every action has its id', () => {
  expect(actions.map(({ id }) => id).sort()).toEqual([...actionIds].sort())
})

const workloadKinds = { Deployment: 'deployments', StatefulSet: 'statefulsets', DaemonSet: 'daemonsets' } as const

test.each(['restart-registry', 'roll-back'] as const)('%s needs one right, by the kind of its workload', (id) => {
  for (const [kind, resource] of Object.entries(workloadKinds)) {
    const needs = findAction(id).needs({ ...details[id], workload: { ...workload, kind } })
    expect(needs).toEqual([{ verb: 'patch', group: 'apps', resource, namespace: 'shop' }])
    expect(rightsOf(id)).toContainEqual({ verb: 'patch', group: 'apps', resource })
  }
})

const others = Object.entries(details).filter(([, given]) => !('workload' in given))
test.each(others)('%s needs the rights that are looked for at start', (name, given) => {
  const id = actionIds.find((it) => it === name) ?? expect.unreachable()
  const rights = rightsOf(id).map((it) => ({ ...it, namespace: 'shop' }))
  expect(sorted(findAction(id).needs(given))).toEqual(sorted(rights))
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

test('a proposed build copies how a build that the diagnosis saw pushes to that registry, and lists none again', async () => {
  const build = buildOf({ name: 'cart-build', namespace: 'ci', destinations: ['registry.test:5000/cart:1'] })
  const container = { name: 'kaniko', image: 'kaniko:v1', args: ['--insecure', '--skip-tls-verify'] }
  const asked: string[] = []
  const world: PlanWorld = {
    cluster: memoryCluster([]),
    async raw(resource, { namespace, name }) {
      asked.push(`${resource} ${namespace}/${name}`)
      return {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name: 'cart-build', uid: 'u', resourceVersion: '1' },
        spec: { template: { spec: { containers: [container] } } },
      }
    },
    settings: situationOf({}).settings,
    gitDirectory: undefined,
  }
  const situation = situationOf({
    cause: 'image-never-built',
    failed: { image: 'registry.test:5000/web:1' },
    clusterBuilds: seen({ builds: [build], looked: 1, complete: true }),
  })
  const planned = await findAction('propose-build').plan(situation, world, new AbortController().signal)
  const content = JSON.stringify(planned)
  expect(content).toContain('kaniko:v1')
  expect(content).toContain('--insecure')
  expect(content).not.toContain('skip-tls')
  expect(asked).toEqual(['jobs ci/cart-build'])
  expect(world.cluster.requests).toBe(0)
})
