import { describe, expect, test } from 'vitest'
import { toPlaybookSettings } from '../../../src/app/from-config.ts'
import { readConfiguration } from '../../../src/config/read-configuration.ts'
import { resources } from '../../../src/kubernetes/resources.ts'
import type { World } from '../../../src/playbooks/image-pull/diagnose.ts'
import { diagnoseOwner } from '../../../src/playbooks/image-pull/diagnose-owner.ts'
import type { Registry } from '../../../src/registry/registry.ts'
import { memoryCluster } from '../../../src/simulator/cluster/memory-cluster.ts'
import { plain } from '../../../src/text.ts'

const image = 'docker.io/library/nginx:1'
const metadata = (name: string, uid: string, owner?: { kind: string; name: string; uid: string }) => ({
  ...{ name, namespace: 'shop', uid },
  ...(owner && { ownerReferences: [{ apiVersion: 'apps/v1', controller: true, ...owner }] }),
})
const template = { metadata: {}, spec: { containers: [{ name: 'web', image }] } }
const deployment = {
  ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: metadata('web', 'd1') },
  spec: { replicas: 1, selector: { matchLabels: { app: 'web' } }, template },
}
const set = (name: string, uid: string, owner: string) => ({
  ...{ apiVersion: 'apps/v1', kind: 'ReplicaSet', spec: { replicas: 1, template } },
  metadata: metadata(name, uid, { kind: 'Deployment', name: 'web', uid: owner }),
})
const refused = (message: string, uid = 'r1', name = 'web-5d9cf') => ({
  ...{ apiVersion: 'v1', kind: 'Event', reason: 'FailedCreate', type: 'Warning', message },
  metadata: { name: `refused-${uid}`, namespace: 'shop' },
  ...{ lastTimestamp: '2026-11-24T03:00:00Z', involvedObject: { kind: 'ReplicaSet', name, namespace: 'shop', uid } },
})

function diagnosed(objects: readonly object[], of: object = deployment) {
  const world: World = {
    cluster: memoryCluster([deployment, set('web-5d9cf', 'r1', 'd1'), ...objects]),
    registry: {} as Registry, // nothing is pulled, so nothing is asked
    permissions: { secrets: true, registry: true },
    settings: toPlaybookSettings(readConfiguration(undefined), []),
    signal: new AbortController().signal,
    defect: ({ id }, error) => expect.fail(`${id}: ${error}`),
  }
  return diagnoseOwner('deployments', resources.deployments.schema.parse(of), world)
}

const forbidden = 'Error creating: pods "web-5d9cf-" is forbidden:'

describe('a policy lets no pod be made', () => {
  test.each([
    [
      'a webhook',
      `Error creating: admission webhook "validate.kyverno.svc-fail" denied the request: ${image} is no image of ours`,
      /validate\.kyverno\.svc-fail refuses.*It names docker\.io\/library\/nginx:1/s,
    ],
    [
      'a ValidatingAdmissionPolicy',
      `${forbidden} ValidatingAdmissionPolicy 'registries' with binding 'b' denied request: images must come from r.test`,
      /ValidatingAdmissionPolicy registries refuses.*images must come from r\.test/s,
    ],
    [
      'Pod Security',
      `${forbidden} violates PodSecurity "restricted:latest": runAsNonRoot != true`,
      /violates PodSecurity "restricted:latest"/,
    ],
    [
      'an image policy',
      `${forbidden} image policy webhook backend denied one or more images: Denied by policy p`,
      /the image policy webhook refuses/,
    ],
    [
      'a security context constraint',
      `${forbidden} unable to validate against any security context constraint: [provider "x": Forbidden]`,
      /SecurityContextConstraint admission refuses/,
    ],
    [
      'a webhook that is down',
      'Error creating: Internal error occurred: failed calling webhook "v.test": failed to call webhook: Post "https://v.shop.svc:443/": dial tcp 10.96.0.9:443: connect: connection refused',
      /could not be asked/,
    ],
  ])('%s', async (_name, message, says) => {
    const { failing, target, route } = await diagnosed([refused(message)])
    expect(failing).toMatchObject([{ at: 'policy', verdict: { cause: 'admission-denied', confidence: 'proven' } }])
    expect(plain(failing[0]?.verdict.summary ?? { parts: [] })).toMatch(says)
    expect(target).toMatchObject({ image, owner: { kind: 'Deployment', name: 'web' } })
    expect(route).toBeUndefined()
  })

  test('the condition of the Deployment says so too, where events have expired', async () => {
    const message = 'admission webhook "v.test" denied the request: no'
    const conditions = [{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message }]
    const { failing } = await diagnosed([], { ...deployment, status: { conditions } })
    expect(failing).toMatchObject([{ verdict: { cause: 'admission-denied' } }])
  })
})

describe('no verdict', () => {
  test('a quota is the subject of another playbook', async () => {
    const { failing, route } = await diagnosed([refused(`${forbidden} exceeded quota: small, requested: pods=1`)])
    expect(failing).toEqual([])
    expect(route).toMatchObject({ playbook: 'limitrange-violations' })
  })

  test('another refusal is told as it is', async () => {
    const { failing, note, route } = await diagnosed([refused('Error creating: serviceaccount "x" not found')])
    expect(failing).toEqual([])
    expect(route).toMatchObject({ playbook: undefined })
    expect(plain(note ?? { parts: [] })).toContain('serviceaccount "x" not found')
  })

  test('what was said of a workload whose name only begins alike is not its own', async () => {
    const other = refused('Error creating: admission webhook "v.test" denied the request: no', 'r9', 'web-api-77c')
    const { failing, note } = await diagnosed([other])
    expect(failing).toEqual([])
    expect(plain(note ?? { parts: [] })).toContain('has no pod now')
  })

  test('scaled to 0: an old refusal is no cause', async () => {
    const none = { ...deployment, spec: { ...deployment.spec, replicas: 0 } }
    const { failing, note } = await diagnosed([refused('admission webhook "v.test" denied the request: no')], none)
    expect(failing).toEqual([])
    expect(plain(note ?? { parts: [] })).toContain('scaled to 0')
  })
})
