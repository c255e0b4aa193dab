import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseTarget, type Target } from '../../src/target/parse.ts'
import { cpuTime } from '../support/cpu-time.ts'

const pod = 'my-app-5d9cf86b95-26kvf'

const understood: readonly (readonly [typed: string, target: Target])[] = [
  [pod, { name: pod }],
  [`shop/${pod}`, { namespace: 'shop', name: pod }],
  [`pod/${pod}`, { kind: 'pods', name: pod }],
  [`po/${pod}`, { kind: 'pods', name: pod }],
  ['deployment/my-app', { kind: 'deployments', name: 'my-app' }],
  ['deploy/my-app', { kind: 'deployments', name: 'my-app' }],
  ['deployments.apps/my-app', { kind: 'deployments', name: 'my-app' }],
  ['Deployment/my-app', { kind: 'deployments', name: 'my-app' }],
  ['deployment my-app', { kind: 'deployments', name: 'my-app' }],
  ['rs/my-app-5d9cf86b95', { kind: 'replicasets', name: 'my-app-5d9cf86b95' }],
  ['sts/db', { kind: 'statefulsets', name: 'db' }],
  ['daemonset/agent', { kind: 'daemonsets', name: 'agent' }],
  ['rc/old', { kind: 'replicationcontrollers', name: 'old' }],
  ['job/build', { kind: 'jobs', name: 'build' }],
  ['cj/nightly', { kind: 'cronjobs', name: 'nightly' }],
  ['shop/deployment/my-app', { namespace: 'shop', kind: 'deployments', name: 'my-app' }],
  // the beginning of a name
  ['my-app-', { name: 'my-app-' }],
  ['my-app-…', { name: 'my-app-' }],
  ['my-app-...', { name: 'my-app-' }],
  ['my-app*', { name: 'my-app' }],
  // a namespace with the name of a kind
  ['job/build', { kind: 'jobs', name: 'build' }],
  ['-n job build', { namespace: 'job', name: 'build' }],
  ['build -n job', { namespace: 'job', name: 'build' }],
  // contexts
  [`@prod-eu ${pod}`, { context: 'prod-eu', name: pod }],
  [
    '@arn:aws:eks:eu-west-1:1234:cluster/prod shop/web',
    { context: 'arn:aws:eks:eu-west-1:1234:cluster/prod', namespace: 'shop', name: 'web' },
  ],
  ['--context=a@b web', { context: 'a@b', name: 'web' }],
  ['--context prod web', { context: 'prod', name: 'web' }],
  // what chat programs and phones make of it
  [`\`${pod}\``, { name: pod }],
  [`“${pod}”`, { name: pod }],
  [`‘shop/${pod}’`, { namespace: 'shop', name: pod }],
  [`«${pod}».`, { name: pod }],
  [`  ${pod},`, { name: pod }],
  [`<@U012345> ${pod}`, { name: pod }],
  [`(${pod})`, { name: pod }],
  ['My-app', { name: 'my-app' }],
  ['web —namespace shop', { namespace: 'shop', name: 'web' }],
  ['web –n shop', { namespace: 'shop', name: 'web' }],
  // flags
  ['web -n shop', { namespace: 'shop', name: 'web' }],
  ['web -nshop', { namespace: 'shop', name: 'web' }],
  ['-n=shop web', { namespace: 'shop', name: 'web' }],
  ['--namespace=shop web', { namespace: 'shop', name: 'web' }],
  ['shop/web -n shop', { namespace: 'shop', name: 'web' }],
  // kubectl commands
  [`kubectl describe pod ${pod} -n shop`, { kind: 'pods', namespace: 'shop', name: pod }],
  [`kubectl -n shop get pod/${pod} -o yaml`, { kind: 'pods', namespace: 'shop', name: pod }],
  ['kubectl get pods -o wide web', { kind: 'pods', name: 'web' }],
  [`kubectl logs ${pod} -c main --tail=20 --previous`, { name: pod }],
  ['k rollout status deploy/web --namespace shop', { namespace: 'shop', kind: 'deployments', name: 'web' }],
  [`kubectl exec -it ${pod} -n shop -- sh -c ls`, { namespace: 'shop', name: pod }],
  [`/imagepull ${pod}`, { name: pod }],
  ['imagepull diagnose shop/web', { namespace: 'shop', name: 'web' }],
  // lines that kubectl printed
  [`${pod}   0/1     ImagePullBackOff   0          16m`, { name: pod }],
  [`shop   ${pod}   0/1     ImagePullBackOff   12 (5m ago)   16m`, { namespace: 'shop', name: pod }],
  [`pod/${pod}   0/1     ErrImagePull   0   16m`, { kind: 'pods', name: pod }],
  ['shop   deployment.apps/web   0/1   1   0   5m', { namespace: 'shop', kind: 'deployments', name: 'web' }],
  ['jobs   web-1   0/1   ErrImagePull   0   16m', { namespace: 'jobs', name: 'web-1' }],
  ['build   Failed   0/1   5m   5m', { name: 'build' }],
  [`NAME   READY   STATUS\n${pod}   0/1   ErrImagePull\n`, { name: pod }],
  [`NAMESPACE   NAME   READY\nshop   ${pod}   0/1   ErrImagePull`, { namespace: 'shop', name: pod }],
  // pods that are called as a command is
  ['logs', { name: 'logs' }],
  ['kubectl get pod get', { kind: 'pods', name: 'get' }],
  ['job', { name: 'job' }],
  ['job 0/1 ErrImagePull 0 5m', { name: 'job' }],
]

test.each(understood)('%s', (typed, target) => {
  expect(parseTarget(typed)).toEqual({ valid: true, target })
})

test.each([
  ['', 'Name a pod'],
  ['   ', 'Name a pod'],
  ['@prod', 'Name a pod'],
  ['-n shop', 'Name a pod'],
  ['shop/', 'The name is missing'],
  ['my_app', '"my_app" is not a Kubernetes name'],
  ['shop/../secrets', '"shop/../secrets" is not a Kubernetes name'],
  ['a/b/c/d', '"a/b/c/d" is not a Kubernetes name'],
  ['shop.eu/web', '"shop.eu" is not a Kubernetes name'],
  ['web;rm', 'is not a Kubernetes name'],
  ['$(id)', 'is not a Kubernetes name'],
  ['<@U012345|maya>', 'Name a pod'],
  ['x'.repeat(254), 'is not a Kubernetes name'],
  ['shop/web -n blog', 'This names two namespaces: shop and blog.'],
  ['x'.repeat(10_001), 'A target has at most 10000 characters.'],
])('%j is no target', (typed, reason) => {
  expect(parseTarget(typed)).toEqual({ valid: false, reason: expect.stringContaining(reason) })
})

test('whatever is typed: names only, or a reason', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (typed) => {
      const parsed = parseTarget(typed)
      if (!parsed.valid) return parsed.reason.length > 0
      const { name, namespace = 'a' } = parsed.target
      return /^[a-z0-9][a-z0-9.-]*$/.test(name) && /^[a-z0-9][a-z0-9-]*$/.test(namespace)
    }),
  )
})

test('takes no longer for long text', () => {
  const all = ['a', '-', '. ', '…', ' -n', '/', '“', '\n'].map((part) => part.repeat(10_000).slice(0, 10_000))
  expect(cpuTime(() => all.map((it) => parseTarget(it, ['prod', 'a'])))).toBeLessThan(2_000) // what is quadratic takes longer
})

test('of several pods those count that wait for an image: one of each workload', () => {
  const rows = [
    'NAMESPACE   NAME   READY   STATUS   RESTARTS   AGE',
    'shop   web-7d4b9c6f5-p9x2z   1/1   Running   0   9d',
    `shop   ${pod}   0/1   ImagePullBackOff   0   5m`,
    'shop   my-app-5d9cf86b95-x2x9k   0/1   ErrImagePull   0   5m',
    'data   worker-0   0/1   Init:ImagePullBackOff   0   5m',
    'data   worker-1   0/1   CrashLoopBackOff   7   5m',
  ]
  expect(parseTarget(rows.join('\n'))).toEqual({
    valid: true,
    target: { namespace: 'shop', name: pod },
    others: [{ namespace: 'data', name: 'worker-0' }],
  })
  expect(parseTarget(`shop/${pod} and data/worker-0-5d9cf86b95-x2x9k`)).toMatchObject({
    target: { namespace: 'shop', name: pod },
    others: [{ namespace: 'data' }],
  })
})
