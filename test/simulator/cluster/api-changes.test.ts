import { describe, expect, test } from 'vitest'
import { askApi as server } from '../../support/ask-api.ts'

const apps = '/apis/apps/v1/namespaces/shop/deployments'
const jobs = '/apis/batch/v1/namespaces/shop/jobs'
const pods = '/api/v1/namespaces/shop/pods'
const merge = 'application/merge-patch+json'
const strategic = 'application/strategic-merge-patch+json'

describe('patch', () => {
  const image = (name: string, tag: string) => ({
    spec: { template: { spec: { containers: [{ name, image: tag }] } } },
  })

  test('strategically: containers by name, and what else there is stays', async () => {
    const { ask } = server()
    const { status, body } = await ask(
      'PATCH',
      `${apps}/web?fieldManager=kubectl-set`,
      image('side', 'side:2'),
      strategic,
    )
    expect(status).toBe(200)
    expect(body.spec.template.spec.containers).toMatchObject([
      { name: 'main', image: 'web:1', env: [{ name: 'A' }] },
      { name: 'side', image: 'side:2' },
    ])
    expect(body.metadata).toMatchObject({ generation: 2, managedFields: [{ manager: 'kubectl-set' }] })
    expect(body.status).toEqual({ readyReplicas: 2 })
  })

  test('as a merge: a list is replaced, null removes', async () => {
    const { ask } = server()
    const { body } = await ask(
      'PATCH',
      `${apps}/web`,
      { metadata: { annotations: { a: 'b' } }, spec: { replicas: null } },
      merge,
    )
    expect(body.metadata).toMatchObject({ annotations: { a: 'b' }, uid: 'web' })
    expect(body.spec.replicas).toBeUndefined()
    expect(
      (await ask('PATCH', `${apps}/web`, image('side', 'side:2'), merge)).body.spec.template.spec.containers,
    ).toEqual([{ name: 'side', image: 'side:2' }])
  })

  test.each([
    [
      'a container that is taken out',
      { containers: [{ name: 'side', $patch: 'delete' }] },
      { containers: [{ name: 'main' }] },
    ],
    [
      'a pull secret that is added',
      { imagePullSecrets: [{ name: 'two' }] },
      { imagePullSecrets: [{ name: 'one' }, { name: 'two' }] },
    ],
    [
      'an order that kubectl sends along',
      { '$setElementOrder/containers': [], containers: [] },
      { containers: [{ name: 'main' }, { name: 'side' }] },
    ],
  ])('strategically: %s', async (_, spec, result) => {
    const { body } = await server().ask('PATCH', `${apps}/web`, { spec: { template: { spec } } }, strategic)
    expect(body.spec.template.spec).toMatchObject(result)
    expect(body.spec.template.spec.$setElementOrder).toBeUndefined()
  })

  test('a field belongs to who wrote it last', async () => {
    const { ask } = server()
    await ask('PATCH', `${apps}/web?fieldManager=first`, image('main', 'web:2'), strategic)
    const { body } = await ask('PATCH', `${apps}/web?fieldManager=second`, image('main', 'web:3'), strategic)
    expect(body.metadata.managedFields).toMatchObject([{ manager: 'second' }])
  })

  test('who changes nothing makes no new version', async () => {
    const { ask } = server()
    const before = (await ask('GET', `${apps}/web`)).body.metadata.resourceVersion
    const { body } = await ask('PATCH', `${apps}/web`, { spec: { replicas: 2 } }, merge)
    expect(body.metadata).toMatchObject({ resourceVersion: before, generation: 1 })
  })

  const change = (path: string, patch: object, form = merge) => [path, patch, form] as const
  test.each([
    [
      "a Job's template",
      ...change(`${jobs}/build`, { spec: { template: { spec: { restartPolicy: 'OnFailure' } } } }),
      422,
      /^Job.batch "build" is invalid: spec.template: Invalid value: .*: field is immutable$/,
    ],
    [
      "a Job's completions",
      ...change(`${jobs}/build`, { spec: { completions: 2 } }),
      422,
      /spec.completions: Invalid value: 2: field is immutable$/,
    ],
    [
      "a Deployment's selector",
      ...change(`${apps}/web`, { spec: { selector: { matchLabels: { app: 'x' } } } }),
      422,
      /spec.selector: .*field is immutable/,
    ],
    [
      "a Secret's type",
      ...change('/api/v1/namespaces/shop/secrets/regcred', { type: 'Opaque' }),
      422,
      /type: Invalid value: "Opaque": field is immutable/,
    ],
    [
      "a Service's address",
      ...change('/api/v1/namespaces/shop/services/registry', { spec: { clusterIP: '10.43.0.9' } }),
      422,
      /may not change once set/,
    ],
    [
      "a pod's node",
      ...change(`${pods}/build-x`, { spec: { nodeName: 'node-2' } }),
      422,
      /spec: Forbidden: pod updates may not change fields other than/,
    ],
    [
      'an old version',
      ...change(`${apps}/web`, { metadata: { resourceVersion: '1' } }),
      409,
      'Operation cannot be fulfilled on deployments.apps "web": the object has been modified; please apply your changes to the latest version and try again',
    ],
    [
      'another object of that name',
      ...change(`${apps}/web`, { metadata: { uid: 'x' } }),
      409,
      /Precondition failed: UID in precondition: x, UID in object meta: web/,
    ],
    ['what is not there', ...change(`${apps}/nope`, {}), 404, 'deployments.apps "nope" not found'],
    [
      'an unknown form',
      ...change(`${apps}/web`, {}, 'application/json-patch+json'),
      415,
      /accepted media types include/,
    ],
  ] as const)('refuses %s', async (_, path, patch, form, status, message) => {
    const answer = await server().ask('PATCH', path, patch, form)
    expect(answer.status).toBe(status)
    expect(answer.body.message).toEqual(typeof message === 'string' ? message : expect.stringMatching(message))
  })

  test("a pod's image may change", async () => {
    const patch = { spec: { containers: [{ name: 'kaniko', image: 'a:2' }] } }
    expect(await server().ask('PATCH', `${pods}/build-x`, patch, strategic)).toMatchObject({ status: 200 })
  })
})

describe('delete', () => {
  test('a pod is given back, and is gone', async () => {
    const { ask } = server()
    expect(await ask('DELETE', `${pods}/build-x`)).toMatchObject({ status: 200, body: { kind: 'Pod' } })
    expect((await ask('GET', `${pods}/build-x`)).status).toBe(404)
  })

  test('a pod whose node runs ends first', async () => {
    const nodes = { logOf: () => undefined, portOf: () => undefined }
    const { ask } = server({ nodes })
    await ask('DELETE', `${pods}/build-x`)
    const { body } = await ask('GET', `${pods}/build-x`)
    expect(body.metadata).toMatchObject({ deletionGracePeriodSeconds: 30, deletionTimestamp: expect.any(String) })
    await ask('DELETE', `${pods}/build-x`, { gracePeriodSeconds: 0 })
    expect((await ask('GET', `${pods}/build-x`)).status).toBe(404)
  })

  test.each([
    [
      { uid: 'other' },
      'Operation cannot be fulfilled on pods "build-x": Precondition failed: UID in precondition: other, UID in object meta: build-x',
    ],
    [{ resourceVersion: '9999' }, /Precondition failed: ResourceVersion in precondition: 9999/],
  ])('refuses where %j is not so', async (preconditions, message) => {
    const { ask } = server()
    const answer = await ask('DELETE', `${pods}/build-x`, { preconditions })
    expect(answer).toMatchObject({ status: 409, body: { reason: 'Conflict' } })
    expect(answer.body.message).toEqual(typeof message === 'string' ? message : expect.stringMatching(message))
    expect((await ask('GET', `${pods}/build-x`)).status).toBe(200)
  })

  test.each([
    ['nothing said: a Job leaves its pods, with a warning', {}, undefined, /child pods are preserved by default/],
    ['Orphan', { propagationPolicy: 'Orphan' }, undefined, undefined],
    ['Background: the garbage collector removes them later', { propagationPolicy: 'Background' }, 'build', undefined],
  ])('%s', async (_, body, owner, warning) => {
    const { ask, store } = server()
    const answer = await ask('DELETE', `${jobs}/build`, body)
    expect(answer).toMatchObject({
      status: 200,
      body: { kind: 'Status', status: 'Success', details: { uid: 'build' } },
    })
    expect(answer.headers.warning).toEqual(warning && expect.stringMatching(warning))
    const left = store.get('pods', { namespace: 'shop', name: 'build-x' })
    expect(left?.metadata.ownerReferences?.[0]?.uid).toBe(owner)
  })

  test('Foreground: it stays until what it owns is gone', async () => {
    const { ask } = server()
    await ask('DELETE', `${apps}/web`, { propagationPolicy: 'Foreground' })
    expect((await ask('GET', `${apps}/web`)).body.metadata).toMatchObject({ finalizers: ['foregroundDeletion'] })
  })

  test('a dry run removes nothing', async () => {
    const { ask } = server()
    expect((await ask('DELETE', `${jobs}/build?dryRun=All`)).status).toBe(200)
    expect((await ask('GET', `${jobs}/build`)).status).toBe(200)
  })
})
