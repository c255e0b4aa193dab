import { describe, expect, test } from 'vitest'
import { expiryOf } from '../../src/registry/auth/expiry.ts'
import { Secret } from '../../src/secret.ts'
import { refused } from '../../src/simulator/registry/request.ts'
import { deployment, nodeManifest, preflightWorld, shortOf } from '../support/preflight-world.ts'

const app = { repository: 'team/app', tags: ['1.0'] }
const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const token = (seconds: number): string => `${encoded({ alg: 'none' })}.${encoded({ exp: seconds })}.x`
const login = (password: string) => ({ source: 'secret a/b', username: 'AWS', password: new Secret(password) })

describe('a password tells when it ends', () => {
  test.each([
    ['a JSON Web Token', token(1_800_000_000), '2027-01-15T08:00:00.000Z'],
    [
      "ECR's",
      Buffer.from(JSON.stringify({ payload: 'x', version: '2', expiration: 1_800_000_000 })).toString('base64'),
      '2027-01-15T08:00:00.000Z',
    ],
    ['a plain one', 'hunter2', undefined],
    ['one with dots', 'a.b.c', undefined],
    ['nonsense in it', `${encoded({})}.${encoded({ exp: 'soon' })}.x`, undefined],
    ['a time that no clock has', token(1e300), undefined],
  ])('%s', (_name, password, time) => {
    expect(expiryOf(login(password))?.toISOString()).toBe(time)
  })
})

const soon = Math.round(Date.now() / 1_000)

test.each([
  ['ends in ten minutes', soon + 600, 'pulls: login-expires'],
  ['ends in a week', soon + 604_800, 'pulls'],
  ['has ended', soon - 60, 'pulls: login-expired'],
])('a login that %s', async (_name, seconds, says) => {
  const { check } = await preflightWorld({ images: [app] })
  const secret = JSON.stringify({
    ...{ apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/dockerconfigjson' },
    metadata: { name: 'regcred', namespace: 'shop' },
    stringData: {
      '.dockerconfigjson': JSON.stringify({ auths: { HOST: { username: 'a', password: token(seconds) } } }),
    },
  })
  const web = deployment('HOST/team/app:1.0', { imagePullSecrets: [{ name: 'regcred' }] })
  expect((await check(`${web}\n---\n${secret}`)).images.map(shortOf)).toEqual([says])
})

const kaniko = (status: object): string =>
  JSON.stringify({
    ...{ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'build', namespace: 'shop' }, status },
    spec: {
      template: {
        spec: {
          restartPolicy: 'Never',
          containers: [{ name: 'kaniko', image: 'HOST/team/app:1.0', args: ['--destination=HOST/team/web:1.0'] }],
        },
      },
    },
  })
const failed = { failed: 1, conditions: [{ type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded' }] }
const web = { repository: 'team/web', tags: ['1.0'] }

describe('a build', () => {
  test('of the cluster that failed explains the missing tag', async () => {
    const { check } = await preflightWorld({ images: [app, { ...web, tags: ['0.9'] }], cluster: kaniko(failed) })
    expect((await check(deployment('HOST/team/web:1.0'))).images.map(shortOf)).toEqual(['fails: build-failed'])
  })

  test('that is only in the manifest has not run yet', async () => {
    const { check } = await preflightWorld({ images: [app, { ...web, tags: ['0.9'] }] })
    const { images } = await check(`${deployment('HOST/team/web:1.0')}\n---\n${kaniko({})}`)
    expect(images.map(shortOf)).toContain('fails: build-running')
  })

  test('that failed leaves an earlier image there', async () => {
    const { check } = await preflightWorld({ images: [app, web], cluster: kaniko(failed) })
    expect((await check(deployment('HOST/team/web:1.0'))).images.map(shortOf)).toEqual(['pulls: build-failed'])
  })
})

describe('a policy that refused the pods of this workload lately', () => {
  const replicaSet = (image: string): string =>
    JSON.stringify({
      kind: 'ReplicaSet',
      metadata: { name: 'web-5d9cf', namespace: 'shop' },
      spec: { template: { spec: { containers: [{ name: 'main', image }] } } },
    })
  const event = JSON.stringify({
    kind: 'Event',
    metadata: { name: 'e', namespace: 'shop' },
    reason: 'FailedCreate',
    message:
      "Error creating: pods \"web-5d9cf-\" is forbidden: ValidatingAdmissionPolicy 'registries' with binding 'registries' denied request: images must come from registry.corp.test",
    involvedObject: { kind: 'ReplicaSet', namespace: 'shop', name: 'web-5d9cf', uid: 'u' },
    lastTimestamp: '2026-11-24T03:14:00Z',
  })

  test('refuses the same image again', async () => {
    const { check } = await preflightWorld({
      images: [app],
      cluster: `${replicaSet('HOST/team/app:1.0')}\n---\n${event}`,
    })
    const { images } = await check(deployment('HOST/team/app:1.0'))
    expect(images.map(shortOf)).toEqual(['fails: admission-denied', 'pulls'])
  })

  test('and says nothing about another image', async () => {
    const { check } = await preflightWorld({
      images: [app],
      cluster: `${replicaSet('HOST/team/app:0.9')}\n---\n${event}`,
    })
    expect((await check(deployment('HOST/team/app:1.0'))).images.map(shortOf)).toEqual(['pulls'])
  })
})

describe('nodes that a pod could land on', () => {
  const amd = nodeManifest('node-1', 'amd64')
  const arm = (spec: object) => `${amd}\n---\n${nodeManifest('node-2', 'arm64', spec)}`
  const taint = { taints: [{ key: 'arch', value: 'arm64', effect: 'NoSchedule' }] }
  const affinity = (operator: string, ...values: string[]) => ({
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/arch', operator, values }] }],
        },
      },
    },
  })
  const fails = 'fails: platform-mismatch'

  test.each([
    ['a taint keeps it off', taint, {}, 'pulls'],
    ['it tolerates the taint', taint, { tolerations: [{ key: 'arch', operator: 'Exists' }] }, fails],
    ['it tolerates everything', taint, { tolerations: [{ operator: 'Exists' }] }, fails],
    ['it tolerates another value', taint, { tolerations: [{ key: 'arch', value: 'x' }] }, 'pulls'],
    ['a taint that only discourages', { taints: [{ ...taint.taints[0], effect: 'PreferNoSchedule' }] }, {}, fails],
    [
      'a taint of a passing state',
      { taints: [{ key: 'node.kubernetes.io/not-ready', effect: 'NoExecute' }] },
      {},
      fails,
    ],
    ['its affinity keeps it off', {}, affinity('In', 'amd64'), 'pulls'],
    ['its affinity excludes', {}, affinity('NotIn', 'arm64'), 'pulls'],
    ['its affinity allows both', {}, affinity('Exists'), fails],
    ['it names its node', {}, { nodeName: 'node-1' }, 'pulls'],
  ])('%s', async (_name, spec, pod, says) => {
    const { check } = await preflightWorld({ images: [{ ...app, index: true }], cluster: arm(spec) })
    expect((await check(deployment('HOST/team/app:1.0', pod))).images.map(shortOf)).toEqual([says])
  })
})

test('plain HTTP is told where no node is known to have pulled from that registry', async () => {
  const { check } = await preflightWorld({
    images: [app],
    cluster: nodeManifest('node-1', 'amd64', {}, { images: [] }),
  })
  expect((await check(deployment('HOST/team/app:1.0'))).images.map(shortOf)).toEqual(['pulls: plain-http'])
})

test('a policy of the registry is no missing right', async () => {
  const access = { admit: () => ({ refused: refused(412, 'PROJECTPOLICYVIOLATION', 'the image is not signed') }) }
  const { check } = await preflightWorld({ images: [app], registry: { access } })
  const [image] = (await check(deployment('HOST/team/app:1.0'))).images
  expect(image && shortOf(image)).toBe('fails: signature-rejected')
  const because = image?.checked.status === 'fails' ? image.checked.diagnosis.verdict.because : []
  expect(because.map(({ source }) => source)).toEqual([expect.stringMatching(/^(?:HEAD|GET) http:/)])
})
