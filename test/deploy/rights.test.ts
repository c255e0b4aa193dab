import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { features, pullSecrets } from '../../src/cli/doctor/check-cluster.ts'
import type { Permission } from '../../src/kubernetes/cluster.ts'
import { actionRights } from '../../src/remediation/action-id.ts'
import { leastValues, render, whyNoHelm } from '../support/helm.ts'

if (whyNoHelm && process.env.REQUIRE_ALL) throw new Error(whyNoHelm)
if (whyNoHelm) console.log(`skipped: ${whyNoHelm}`)

const roleSchema = z.object({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
  rules: z.array(
    z.object({ apiGroups: z.array(z.string()), resources: z.array(z.string()), verbs: z.array(z.string()) }),
  ),
})
const bindingSchema = z.object({
  kind: z.string(),
  metadata: z.looseObject({ namespace: z.string().optional() }),
  roleRef: z.object({ kind: z.string(), name: z.string() }),
  subjects: z.array(z.object({ name: z.string(), namespace: z.string() })),
})

/** What the chart lets its ServiceAccount do: `delete pods`, with the namespaces; `*` is everywhere. */
function granted(values: object): ReadonlyMap<string, ReadonlySet<string>> {
  const all = render({ ...leastValues, ...values })
  const roles = all.filter(({ kind }) => /^(?:Cluster)?Role$/.test(kind)).map((it) => roleSchema.parse(it))
  const bindings = all.filter(({ kind }) => kind.endsWith('RoleBinding')).map((it) => bindingSchema.parse(it))
  const rights = new Map<string, Set<string>>()
  for (const { metadata, roleRef, subjects } of bindings) {
    expect(subjects).toEqual([expect.objectContaining({ name: 'imagepull', namespace: 'imagepull' })])
    const role = roles.find(
      (it) =>
        it.kind === roleRef.kind &&
        it.metadata.name === roleRef.name &&
        it.metadata.namespace === (roleRef.kind === 'Role' ? metadata.namespace : undefined),
    )
    expect(role, `${roleRef.kind} ${roleRef.name}`).toBeDefined()
    for (const right of rightsOf(role?.rules ?? []))
      rights.set(right, (rights.get(right) ?? new Set()).add(metadata.namespace ?? '*'))
  }
  return rights
}

function rightsOf(rules: z.infer<typeof roleSchema>['rules']): readonly string[] {
  return rules.flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) => verbs.map((verb) => named({ verb, group, resource }))),
    ),
  )
}

function named({ verb, group, resource }: Pick<Permission, 'verb' | 'group' | 'resource'>): string {
  return `${verb} ${group ? `${group}/` : ''}${resource}`
}

const reads = /^(?:get|list|watch) /

/** What changes something, beside running wget in a registry. */
function changes(rights: ReadonlyMap<string, unknown>): readonly string[] {
  return [...rights.keys()].filter((it) => !reads.test(it)).toSorted()
}

function asked(action: keyof typeof actionRights): readonly string[] {
  const needs: readonly Permission[] = actionRights[action]
  return [...new Set(needs.map(named))].filter((it) => !reads.test(it)).toSorted()
}

describe.skipIf(whyNoHelm)('what the chart allows', () => {
  const image = { repository: 'r.example/imagepull', digest: `sha256:${'0'.repeat(64)}` }

  test('is to read, by default, and no Secret', () => {
    const rights = granted({})
    expect([...rights.keys()].filter((it) => !/^(?:get|list|watch) /.test(it))).toEqual([])
    expect([...rights.keys()].filter((it) => /secrets|exec|\*/.test(it))).toEqual([])
  })

  test('is every right that doctor asks for', () => {
    const rights = granted({ rbac: { secrets: { enabled: true } } })
    const needs = [...features, pullSecrets].flatMap((it) => it.needs.map(named))
    expect(needs.filter((it) => !rights.has(it))).toEqual([])
  })

  const actions = Object.keys(actionRights).filter((it) => it !== 'test-from-node') as (keyof typeof actionRights)[] // its own keys
  test.each(actions)('for %s is what the action asks for, in its namespaces alone', (action) => {
    const rights = granted({ rbac: { actions: { [action]: { enabled: true, namespaces: ['shop'] } } } })
    const own = asked(action)
    expect(changes(rights)).toEqual(expect.arrayContaining([...own]))
    // The last step of a build is to delete the pods that wait for it.
    const alsoNeeded = /-build$/.test(action) ? ['delete pods'] : []
    expect(changes(rights).filter((it) => !own.includes(it) && !alsoNeeded.includes(it))).toEqual([])
    for (const right of changes(rights)) expect(rights.get(right)).toEqual(new Set(['shop']))
  })

  test('for the probe is what the action asks for, in the namespace that admits nothing else', () => {
    const rights = granted({ image, nodeProbe: { enabled: true } })
    expect(changes(rights)).toEqual(asked('test-from-node'))
    for (const right of changes(rights)) expect(rights.get(right)).toEqual(new Set(['imagepull-probe']))
  })

  test('stays in the namespaces that are listed, beside what belongs to none', () => {
    const rbac = {
      namespaces: ['shop', 'cart'],
      secrets: { enabled: true },
      exec: { enabled: true, namespaces: ['reg'] },
    }
    const rights = granted({ rbac })
    const everywhere = [...rights].filter(([, places]) => places.has('*')).map(([right]) => right)
    expect(everywhere.toSorted()).toEqual([
      'get namespaces',
      'get networking.k8s.io/servicecidrs',
      'get nodes',
      'list namespaces',
      'list networking.k8s.io/servicecidrs',
      'list nodes',
    ])
    expect(rights.get('list pods')).toEqual(new Set(['shop', 'cart']))
    expect(rights.get('get secrets')).toEqual(new Set(['shop', 'cart']))
    expect(rights.get('create pods/exec')).toEqual(new Set(['reg']))
    const without = granted({ rbac: { ...rbac, clusterWide: false } })
    expect([...without.values()].filter((places) => places.has('*'))).toEqual([])
  })

  test('is less with each switch that is off', () => {
    const rights = granted({ rbac: { podLogs: false, serviceProxy: false } })
    expect([...rights.keys()].filter((it) => it.includes('pods/log') || it.includes('proxy'))).toEqual([])
    expect(granted({ rbac: { create: false } }).size).toBe(0)
  })
})
