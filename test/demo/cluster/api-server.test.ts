import { describe, expect, onTestFinished, test } from 'vitest'
import type { ApiServerOptions } from '../../../src/demo/cluster/api/api-context.ts'
import { apiServerInMemory } from '../../../src/demo/cluster/api/api-server-in-memory.ts'
import { memoryClusterListener } from '../../../src/demo/cluster/memory-cluster-listener.ts'
import { loopbackServer } from '../../../src/demo/cluster/memory-cluster-loopback.ts'

const manifests = `
kind: Namespace
metadata: { name: shop }
---
kind: Namespace
metadata: { name: blog }
---
kind: ServiceAccount
metadata: { name: default, namespace: shop }
imagePullSecrets: [{ name: regcred }]
---
kind: Deployment
metadata: { name: web, namespace: shop, uid: web, resourceVersion: "7", generation: 1 }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      imagePullSecrets: [{ name: one }]
      containers:
        - { name: main, image: "web:1", env: [{ name: A, value: a }] }
        - { name: side, image: "side:1" }
status: { readyReplicas: 2 }
---
kind: ReplicaSet
metadata: { name: web-1, namespace: shop, ownerReferences: [{ kind: Deployment, name: web, uid: web }] }
---
kind: Job
metadata: { name: build, namespace: shop, uid: build }
spec:
  completions: 1
  selector: { matchLabels: { batch.kubernetes.io/controller-uid: build } }
  template: { spec: { restartPolicy: Never, containers: [{ name: kaniko }] } }
---
kind: Pod
metadata: { name: build-x, namespace: shop, uid: build-x, ownerReferences: [{ kind: Job, name: build, uid: build }] }
spec: { nodeName: node-1, containers: [{ name: kaniko, image: "a:1" }] }
---
kind: Secret
metadata: { name: regcred, namespace: shop }
type: kubernetes.io/dockerconfigjson
data: {}
---
kind: Service
metadata: { name: registry, namespace: shop }
spec: { clusterIP: 10.43.170.72, ports: [{ name: http, port: 5000 }] }
`

const apps = '/apis/apps/v1/namespaces/shop/deployments'
const jobs = '/apis/batch/v1/namespaces/shop/jobs'
const pods = '/api/v1/namespaces/shop/pods'
const merge = 'application/merge-patch+json'
const strategic = 'application/strategic-merge-patch+json'

function server(options: ApiServerOptions = {}) {
  const { handle, store } = apiServerInMemory(manifests, options)
  const ask = async (method: string, path: string, body?: unknown, contentType = 'application/json') => {
    const headers = { 'content-type': contentType, 'user-agent': 'imagepull/0.1' }
    const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
    const answer = await handle({ method, path, headers, body: text })
    return { status: answer.status, headers: answer.headers, body: JSON.parse(answer.body) }
  }
  return { ask, store, handle }
}

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
