import { describe, expect, onTestFinished, test } from 'vitest'
import { loopbackServer, memoryClusterListener } from '../../../src/simulator/cluster/memory-cluster.ts'
import { askApi as server } from '../../support/ask-api.ts'

const apps = '/apis/apps/v1/namespaces/shop/deployments'
const jobs = '/apis/batch/v1/namespaces/shop/jobs'
const pods = '/api/v1/namespaces/shop/pods'
const merge = 'application/merge-patch+json'

const pod = (metadata: object, spec: object = {}) => ({
  kind: 'Pod',
  metadata,
  spec: { containers: [{ name: 'main', image: 'web:1' }], ...spec },
})
const job = (metadata: object, spec: object = {}) => ({
  kind: 'Job',
  metadata,
  spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'kaniko' }] } }, ...spec },
})

describe('create', () => {
  test('gives an object its identity, and says who wrote it', async () => {
    const { ask } = server()
    const { status, body } = await ask('POST', pods, { ...pod({ name: 'a' }), status: { phase: 'Running' } })
    expect(status).toBe(201)
    expect(body.metadata).toMatchObject({
      name: 'a',
      namespace: 'shop',
      uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      resourceVersion: expect.stringMatching(/^\d+$/),
      creationTimestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      generation: 1,
      managedFields: [{ manager: 'imagepull', operation: 'Update', apiVersion: 'v1', fieldsType: 'FieldsV1' }],
    })
    expect(body.metadata.managedFields[0].fieldsV1['f:spec']['f:containers']).toEqual({
      'k:{"name":"main"}': { 'f:name': {}, 'f:image': {} },
    })
    expect(body.status).toEqual({ phase: 'Pending' })
    expect((await ask('GET', `${pods}/a`)).body).toMatchObject({
      apiVersion: 'v1',
      metadata: { uid: body.metadata.uid },
    })
  })

  test.each([
    ['web:1', 'IfNotPresent'],
    ['web', 'Always'],
    ['r:5000/web', 'Always'],
    ['web:latest', 'Always'],
    [`web@sha256:${'0'.repeat(64)}`, 'IfNotPresent'],
  ])('%s is pulled %s', async (image, policy) => {
    const { body } = await server().ask('POST', pods, pod({ name: 'a' }, { containers: [{ name: 'main', image }] }))
    expect(body.spec.containers[0].imagePullPolicy).toBe(policy)
  })

  test.each([
    ['of its ServiceAccount', {}, 'regcred'],
    ['of its own', { imagePullSecrets: [{ name: 'own' }] }, 'own'],
  ])('a pod has the pull secrets %s', async (_, spec, name) => {
    const { body } = await server().ask('POST', pods, pod({ name: 'a' }, spec))
    expect(body.spec).toMatchObject({ serviceAccountName: 'default', imagePullSecrets: [{ name }] })
  })

  test('a generated name has the letters of Kubernetes', async () => {
    const { body } = await server().ask('POST', pods, pod({ generateName: 'web-' }))
    expect(body.metadata.name).toMatch(/^web-[bcdfghjklmnpqrstvwxz2456789]{5}$/)
  })

  test('a Job gets its selector', async () => {
    const { body } = await server().ask('POST', jobs, job({ name: 'again' }))
    const { uid } = body.metadata
    expect(body.spec).toMatchObject({
      backoffLimit: 6,
      selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } },
      template: { metadata: { labels: { 'batch.kubernetes.io/job-name': 'again', 'controller-uid': uid } } },
    })
  })

  test('a dry run says what would be, and stores nothing', async () => {
    const { ask } = server()
    expect(await ask('POST', `${jobs}?dryRun=All`, job({ name: 'again' }))).toMatchObject({
      status: 201,
      body: { metadata: { name: 'again' } },
    })
    expect((await ask('GET', `${jobs}/again`)).status).toBe(404)
    expect((await ask('POST', `${jobs}?dryRun=All`, job({ name: 'build' }))).status).toBe(409)
  })

  const long = 'x'.repeat(64)
  test.each([
    ['a name that is taken', jobs, job({ name: 'build' }), 409, 'AlreadyExists', 'jobs.batch "build" already exists'],
    [
      'a name that is none',
      pods,
      pod({ name: 'A b' }),
      422,
      'Invalid',
      /^Pod "A b" is invalid: metadata.name: Invalid value: "A b": a lowercase RFC 1123/,
    ],
    ['no name', pods, pod({}), 422, 'Invalid', /name or generateName is required/],
    ['another kind', pods, job({ name: 'a' }), 400, 'BadRequest', /must be one of pods/],
    [
      'another namespace',
      pods,
      pod({ name: 'a', namespace: 'blog' }),
      400,
      'BadRequest',
      'the namespace of the provided object does not match the namespace sent on the request',
    ],
    [
      'a namespace that is not there',
      '/api/v1/namespaces/nope/pods',
      pod({ name: 'a' }),
      404,
      'NotFound',
      'namespaces "nope" not found',
    ],
    [
      'a version',
      pods,
      pod({ name: 'a', resourceVersion: '3' }),
      500,
      'InternalError',
      'resourceVersion should not be set on objects to be created',
    ],
    ['no JSON', pods, 'kind: Pod', 400, 'BadRequest', /must be JSON/],
    [
      'a pod without containers',
      pods,
      { kind: 'Pod', metadata: { name: 'a' }, spec: {} },
      422,
      'Invalid',
      'Pod "a" is invalid: spec.containers: Required value',
    ],
    [
      "another Job's selector",
      jobs,
      job({ name: 'a' }, { selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': 'build' } } }),
      422,
      'Invalid',
      /^Job.batch "a" is invalid: spec.selector: Invalid value: .*`selector` not auto-generated$/,
    ],
    [
      'a Job that never ends',
      jobs,
      job({ name: 'a' }, { template: { spec: { containers: [{ name: 'x' }] } } }),
      422,
      'Invalid',
      /restartPolicy: Required value: valid values: "OnFailure", "Never"/,
    ],
    [
      'a Job with a name too long for its label',
      jobs,
      job({ name: long }),
      422,
      'Invalid',
      /must be no more than 63 bytes/,
    ],
  ] as const)('refuses %s', async (_, path, body, status, reason, message) => {
    const answer = await server().ask('POST', path, body)
    expect(answer).toMatchObject({ status, body: { kind: 'Status', status: 'Failure', code: status, reason } })
    expect(answer.body.message).toEqual(typeof message === 'string' ? message : expect.stringMatching(message))
  })
})

describe('rights', () => {
  const review = (resourceAttributes: object) => ({ kind: 'SelfSubjectAccessReview', spec: { resourceAttributes } })
  const reviews = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'
  const forbid = [
    { verb: 'create', resource: 'jobs', namespace: 'shop' },
    { verb: 'delete', resource: 'pods' },
    { verb: 'patch', resource: 'deployments' },
    { verb: 'create', resource: 'pods/exec' },
    { verb: 'get', resource: 'services/proxy' },
  ] as const

  test.each([
    ['create', 'jobs', '', 'shop', false],
    ['create', 'jobs', '', 'blog', true],
    ['delete', 'pods', '', 'shop', false],
    ['get', 'pods', '', 'shop', true],
    ['create', 'pods', 'exec', 'shop', false],
    ['get', 'services', 'proxy', 'shop', false],
  ])('may it %s %s/%s in %s: %s', async (verb, resource, subresource, namespace, allowed) => {
    const { ask } = server({ forbid })
    const { status, body } = await ask('POST', reviews, review({ verb, resource, subresource, namespace }))
    expect([status, body.status]).toEqual([201, { allowed }])
  })

  test.each([
    [
      'POST',
      jobs,
      'jobs.batch is forbidden: User "system:serviceaccount:imagepull:imagepull" cannot create resource "jobs" in API group "batch" in the namespace "shop"',
    ],
    [
      'DELETE',
      `${pods}/build-x`,
      'pods "build-x" is forbidden: User "system:serviceaccount:imagepull:imagepull" cannot delete resource "pods" in API group "" in the namespace "shop"',
    ],
    [
      'PATCH',
      `${apps}/web`,
      'deployments.apps "web" is forbidden: User "system:serviceaccount:imagepull:imagepull" cannot patch resource "deployments" in API group "apps" in the namespace "shop"',
    ],
    [
      'POST',
      `${pods}/build-x/exec`,
      'pods "build-x" is forbidden: User "system:serviceaccount:imagepull:imagepull" cannot create resource "pods/exec" in API group "" in the namespace "shop"',
    ],
    [
      'GET',
      '/api/v1/namespaces/shop/services/registry:5000/proxy/v2/',
      'services "registry:5000" is forbidden: User "system:serviceaccount:imagepull:imagepull" cannot get resource "services/proxy" in API group "" in the namespace "shop"',
    ],
  ])('%s %s', async (method, path, message) => {
    expect(await server({ forbid }).ask(method, path, {})).toMatchObject({ status: 403, body: { message } })
  })
})

describe('a Service, through the API server', () => {
  const slice = (ready: boolean) => ({
    kind: 'EndpointSlice',
    metadata: { name: 'registry-1', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'registry' } },
    endpoints: [{ addresses: ['10.42.1.7'], conditions: { ready } }],
    ports: [{ name: 'http', port: 5001 }],
  })
  const path = '/api/v1/namespaces/shop/services/registry:5000/proxy/v2/_catalog?n=2'

  async function proxied(ready: boolean, known: boolean) {
    const backend = await loopbackServer((request, response) => {
      response.writeHead(404, { 'docker-distribution-api-version': 'registry/2.0' }).end(JSON.stringify(request.url))
    })
    onTestFinished(() => backend[Symbol.asyncDispose]())
    const port = Number(new URL(backend.address).port)
    const portOf = (ip: string, at: number) => (known && ip === '10.42.1.7' && at === 5001 ? port : undefined)
    const { handle, store } = server({ nodes: { logOf: () => undefined, portOf } })
    store.put('endpointslices', { ...slice(ready), metadata: { ...slice(ready).metadata, uid: 's' } })
    return handle({ method: 'GET', path, headers: {}, body: '' })
  }

  test('answers for itself', async () => {
    const answer = await proxied(true, true)
    expect(answer).toMatchObject({ status: 404, body: '"/v2/_catalog?n=2"' })
    expect(answer.headers['docker-distribution-api-version']).toBe('registry/2.0')
  })

  test.each([
    ['without a ready pod', false, true, 503, /no endpoints available for service \\"registry:5000\\"/],
    [
      'whose pod does not listen',
      true,
      false,
      502,
      /^error trying to reach service: dial tcp 10.42.1.7:5001: connect: connection refused$/,
    ],
  ])('%s', async (_, ready, known, status, body) => {
    expect(await proxied(ready, known)).toMatchObject({ status, body: expect.stringMatching(body) })
  })
})

test('over HTTP it is the same server, bodies and all', async () => {
  const { handle } = server()
  const listening = await loopbackServer(memoryClusterListener(handle))
  onTestFinished(() => listening[Symbol.asyncDispose]())
  const send = (method: string, path: string, body?: object) =>
    fetch(listening.address + path, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': merge } }),
    })
  const patched = await send('PATCH', `${apps}/web`, { spec: { replicas: 5 } })
  expect(await patched.json()).toMatchObject({ spec: { replicas: 5 } })
  expect(await (await send('DELETE', `${pods}/build-x`)).json()).toMatchObject({ kind: 'Pod' })
  expect(await (await send('GET', '/version')).json()).toMatchObject({ gitVersion: 'v1.36.3' })
  expect((await send('PUT', `${apps}/web`)).status).toBe(404)
})
